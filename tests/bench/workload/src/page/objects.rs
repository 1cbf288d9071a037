//! A page of ListObjectsV2.

use super::{Xml, hexadecimal};

pub(super) fn page(items: u64) -> String {
    let mut xml = Xml::new(false);
    xml.element(
        "ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"",
        |xml| {
            xml.text("Name", "bench-training-data");
            xml.text("Prefix", "datasets/churn/");
            xml.text("NextContinuationToken", "1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=");
            xml.text("KeyCount", items);
            xml.text("MaxKeys", items);
            xml.text("IsTruncated", true);
            for item in 0..items {
                xml.element("Contents", |xml| object(xml, item));
            }
        },
    );
    xml.text
}

fn object(xml: &mut Xml, item: u64) {
    let (day, hour, part) = (1 + item / 36 % 28, item % 24, item % 36);
    xml.text(
        "Key",
        format_args!(
            "datasets/churn/year=2026/month=11/day={day:02}/part-{part:05}-{}.parquet",
            hexadecimal(item, 8)
        ),
    );
    xml.text("LastModified", format_args!("2026-11-{day:02}T{hour:02}:17:42.000Z"));
    xml.text("ETag", format_args!("&quot;{}&quot;", hexadecimal(item, 32)));
    xml.text("ChecksumAlgorithm", "CRC64NVME");
    xml.text("ChecksumType", "FULL_OBJECT");
    xml.text("Size", 1_048_576 + 977 * item);
    xml.text("StorageClass", "STANDARD");
}
