//! A page of DescribeInstances, with what a Linux instance in a VPC usually has.

use super::{Xml, hexadecimal};

const OWNER: &str = "123456789012";
const ATTACHED: &str = "2026-10-05T08:12:33.000Z";
const GROUPS: [(&str, &str); 2] = [
    ("sg-0a1b2c3d4e5f60718", "training-workers"),
    ("sg-08192a3b4c5d6e7f0", "monitoring"),
];
const TAGS: [(&str, &str); 6] = [
    ("Project", "churn"),
    ("Environment", "production"),
    ("CostCenter", "R&amp;D 4711"),
    ("aws:autoscaling:groupName", "training-workers-2026"),
    ("aws:ec2launchtemplate:id", "lt-0f1e2d3c4b5a69788"),
    ("aws:ec2launchtemplate:version", "17"),
];

pub(super) fn page(items: u64) -> String {
    let mut xml = Xml::new(true);
    xml.element(
        "DescribeInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"",
        |xml| {
            xml.text("requestId", "8f7724cf-496f-496e-8fe3-example");
            xml.element("reservationSet", |xml| {
                for first in (0..items).step_by(2) {
                    xml.element("item", |xml| reservation(xml, first));
                }
            });
            xml.text("nextToken", "eyJ2IjoiMiIsImMiOiJCbk5XIn0");
        },
    );
    xml.text
}

fn reservation(xml: &mut Xml, first: u64) {
    xml.text("reservationId", format_args!("r-0{}", hexadecimal(first, 16)));
    xml.text("ownerId", OWNER);
    xml.empty("groupSet");
    xml.element("instancesSet", |xml| {
        for item in first..first + 2 {
            xml.element("item", |xml| instance(xml, item));
        }
    });
    xml.text("requesterId", "940372691376");
}

fn instance(xml: &mut Xml, item: u64) {
    let address = format!("10.0.{}.{}", item / 250, 4 + item % 250);
    let private_name = format!("ip-{}.ec2.internal", address.replace('.', "-"));
    xml.text("instanceId", format_args!("i-0{}", hexadecimal(item, 16)));
    xml.text("imageId", "ami-0c02fb55956c7d316");
    xml.element("instanceState", |xml| {
        xml.text("code", 16);
        xml.text("name", "running");
    });
    xml.text("privateDnsName", &private_name);
    xml.text(
        "dnsName",
        format_args!("ec2-54-210-{}-17.compute-1.amazonaws.com", item % 256),
    );
    xml.empty("reason");
    xml.text("keyName", "operations");
    xml.text("amiLaunchIndex", item % 2);
    xml.empty("productCodes");
    xml.text("instanceType", "m7i.2xlarge");
    xml.text("launchTime", "2026-10-05T08:12:31.000Z");
    xml.element("placement", |xml| {
        xml.text("availabilityZoneId", "use1-az4");
        xml.text("availabilityZone", "us-east-1a");
        xml.empty("groupName");
        xml.text("tenancy", "default");
    });
    xml.element("monitoring", |xml| xml.text("state", "enabled"));
    xml.text("subnetId", "subnet-0bb1c79de3EXAMPLE");
    xml.text("vpcId", "vpc-0ac1d8e2f3EXAMPLE");
    xml.text("privateIpAddress", &address);
    xml.text("ipAddress", format_args!("54.210.{}.17", item % 256));
    xml.text("sourceDestCheck", true);
    groups(xml);
    xml.text("architecture", "x86_64");
    xml.text("rootDeviceType", "ebs");
    xml.text("rootDeviceName", "/dev/xvda");
    xml.element("blockDeviceMapping", |xml| {
        for (device, volume) in [("/dev/xvda", 2 * item), ("/dev/sdf", 2 * item + 1)] {
            xml.element("item", |xml| block_device(xml, device, volume));
        }
    });
    xml.text("virtualizationType", "hvm");
    xml.text("clientToken", format_args!("fleet-{}", hexadecimal(item, 32)));
    xml.element("tagSet", |xml| {
        tag(xml, "Name", &format!("training-worker-{item:03}"));
        TAGS.iter().for_each(|(key, value)| tag(xml, key, value));
    });
    xml.text("hypervisor", "xen");
    xml.element("networkInterfaceSet", |xml| {
        xml.element("item", |xml| network_interface(xml, item, &address, &private_name));
    });
    xml.element("iamInstanceProfile", |xml| {
        xml.text(
            "arn",
            format_args!("arn:aws:iam::{OWNER}:instance-profile/training-worker"),
        );
        xml.text("id", "AIPAI4DOIEXAMPLEABCDE");
    });
    xml.text("ebsOptimized", true);
    xml.text("enaSupport", true);
    options(xml);
}

fn options(xml: &mut Xml) {
    xml.element("cpuOptions", |xml| {
        xml.text("coreCount", 4);
        xml.text("threadsPerCore", 2);
    });
    xml.element("capacityReservationSpecification", |xml| {
        xml.text("capacityReservationPreference", "open");
    });
    xml.element("hibernationOptions", |xml| xml.text("configured", false));
    xml.element("enclaveOptions", |xml| xml.text("enabled", false));
    xml.element("metadataOptions", |xml| {
        xml.text("state", "applied");
        xml.text("httpTokens", "required");
        xml.text("httpPutResponseHopLimit", 2);
        xml.text("httpEndpoint", "enabled");
        xml.text("httpProtocolIpv6", "disabled");
        xml.text("instanceMetadataTags", "disabled");
    });
    xml.element("maintenanceOptions", |xml| {
        xml.text("autoRecovery", "default");
        xml.text("rebootMigration", "default");
    });
    xml.element("privateDnsNameOptions", |xml| {
        xml.text("hostnameType", "ip-name");
        xml.text("enableResourceNameDnsARecord", true);
        xml.text("enableResourceNameDnsAAAARecord", false);
    });
    xml.element("networkPerformanceOptions", |xml| {
        xml.text("bandwidthWeighting", "default")
    });
    xml.text("platformDetails", "Linux/UNIX");
    xml.text("usageOperation", "RunInstances");
    xml.text("usageOperationUpdateTime", "2026-10-05T08:12:31.000Z");
    xml.text("bootMode", "uefi-preferred");
    xml.text("currentInstanceBootMode", "uefi");
    xml.element("operator", |xml| xml.text("managed", false));
}

fn network_interface(xml: &mut Xml, item: u64, address: &str, private_name: &str) {
    xml.text("networkInterfaceId", format_args!("eni-0{}", hexadecimal(item, 16)));
    xml.text("subnetId", "subnet-0bb1c79de3EXAMPLE");
    xml.text("vpcId", "vpc-0ac1d8e2f3EXAMPLE");
    xml.empty("description");
    xml.text("ownerId", OWNER);
    xml.text("status", "in-use");
    xml.text("macAddress", "02:dd:2c:5e:01:69");
    xml.text("privateIpAddress", address);
    xml.text("privateDnsName", private_name);
    xml.text("sourceDestCheck", true);
    groups(xml);
    xml.element("attachment", |xml| {
        xml.text("attachmentId", format_args!("eni-attach-0{}", hexadecimal(item, 16)));
        xml.text("deviceIndex", 0);
        xml.text("networkCardIndex", 0);
        xml.text("status", "attached");
        xml.text("attachTime", ATTACHED);
        xml.text("deleteOnTermination", true);
    });
    association(xml, item);
    xml.element("privateIpAddressesSet", |xml| {
        xml.element("item", |xml| {
            xml.text("privateIpAddress", address);
            xml.text("privateDnsName", private_name);
            xml.text("primary", true);
            association(xml, item);
        });
    });
    xml.empty("ipv6AddressesSet");
    xml.text("interfaceType", "interface");
    xml.element("operator", |xml| xml.text("managed", false));
}

fn association(xml: &mut Xml, item: u64) {
    xml.element("association", |xml| {
        xml.text("publicIp", format_args!("54.210.{}.17", item % 256));
        xml.text(
            "publicDnsName",
            format_args!("ec2-54-210-{}-17.compute-1.amazonaws.com", item % 256),
        );
        xml.text("ipOwnerId", "amazon");
    });
}

fn block_device(xml: &mut Xml, device: &str, volume: u64) {
    xml.text("deviceName", device);
    xml.element("ebs", |xml| {
        xml.text("volumeId", format_args!("vol-0{}", hexadecimal(volume, 16)));
        xml.text("status", "attached");
        xml.text("attachTime", ATTACHED);
        xml.text("deleteOnTermination", true);
        xml.text("ebsCardIndex", 0);
    });
}

fn groups(xml: &mut Xml) {
    xml.element("groupSet", |xml| {
        for (id, name) in GROUPS {
            xml.element("item", |xml| {
                xml.text("groupId", id);
                xml.text("groupName", name);
            });
        }
    });
}

fn tag(xml: &mut Xml, key: &str, value: &str) {
    xml.element("item", |xml| {
        xml.text("key", key);
        xml.text("value", value);
    });
}
