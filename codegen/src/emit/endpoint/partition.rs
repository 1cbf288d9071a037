//! The partitions as a table: the one that clients share, or one of their own.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::format::Source;
use crate::emit::scope::{Name, Scope};
use crate::ir::endpoint::Partition;
use crate::partitions::PARTITIONS;

/// Whether these are the partitions that the runtime has.
pub(super) fn are_shared(partitions: &[Partition]) -> bool {
    let is_same = |(own, shared): (&Partition, &crate::endpoint_rules::Partition)| {
        own.name == shared.name
            && own.dns_suffix == shared.dns_suffix
            && own.dual_stack_dns_suffix == shared.dual_stack_dns_suffix
            && own.supports_fips == shared.supports_fips
            && own.supports_dual_stack == shared.supports_dual_stack
            && own.implicit_global_region == shared.implicit_global_region
            && own.regions == shared.regions
            && own.region_prefixes == shared.region_prefixes
    };
    partitions.len() == PARTITIONS.len() && partitions.iter().zip(PARTITIONS).all(is_same)
}

/// The file of the runtime.
pub(in crate::emit) fn shared(partitions: &[Partition]) -> Source {
    let scope = Scope::default();
    let ty = scope.item("super::endpoint_rules::Partition");
    let table = table(partitions, &ty);
    let items = quote! {
        /// The partitions of AWS. Regions that none of them knows belong to the first one.
        pub static PARTITIONS: &[#ty] = #table;
    };
    let head = quote! {
        //! The partitions that clients share, as `models/partitions.json` has them.
    };
    Source::new(head, items, scope)
}

/// A table of the client's own.
pub(super) fn emit(partitions: &[Partition], scope: &Scope) -> TokenStream {
    let ty = scope.partition();
    let table = table(partitions, &ty);
    quote! {
        /// The partitions of AWS. Regions that none of them knows belong to the first one.
        static PARTITIONS: &[#ty] = #table;
    }
}

fn table(partitions: &[Partition], ty: &Name<'_>) -> TokenStream {
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
            #ty {
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
    quote!(&[#(#partitions),*])
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_of_the_runtime_is_that_of_the_models() {
        let files = crate::runtime_files().expect("the partitions are good");
        let written = include_str!("../../../../runtime/src/wire/partitions.rs");
        assert_eq!(
            files["src/wire/partitions.rs"], written,
            "not up to date, run `cargo xtask codegen`"
        );
    }
}
