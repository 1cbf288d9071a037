//! The partitions as a table.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::scope::Scope;
use crate::ir::endpoint::Partition;

pub(super) fn emit(partitions: &[Partition], scope: &Scope) -> TokenStream {
    let partition_type = scope.partition();
    let partitions = partitions.iter().map(|partition| {
        let Partition {
            name,
            dns_suffix,
            dual_stack_dns_suffix,
            supports_fips,
            supports_dual_stack,
            implicit_global_region,
            regions,
            region_prefixes,
        } = partition;
        quote! {
            #partition_type {
                name: #name,
                dns_suffix: #dns_suffix,
                dual_stack_dns_suffix: #dual_stack_dns_suffix,
                supports_fips: #supports_fips,
                supports_dual_stack: #supports_dual_stack,
                implicit_global_region: #implicit_global_region,
                regions: &[#(#regions),*],
                region_prefixes: &[#(#region_prefixes),*],
            }
        }
    });
    quote! {
        /// The partitions of AWS. Regions that none of them knows belong to the first one.
        static PARTITIONS: &[#partition_type] = &[#(#partitions),*];
    }
}
