//! Elements, as XML and forms have them: lists and maps need more names than that of their member.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::Reader;
use crate::emit::docs::ident;
use crate::emit::scope::Scope;
use crate::emit::ty::timestamp_wrapper;
use crate::ir::{Codec, ElementName, Location, Member, Namespace, TimestampFormat, Type, Variant};

/// What the element around each entry of a map is called.
const ENTRY: &str = "entry";

/// Writes all members that travel in a body, from the fields of `owner`. Attributes come first: they belong to the start tag.
pub(super) fn write_members(codec: Codec, members: &[&Member], owner: &TokenStream, scope: &Scope) -> TokenStream {
    let writer = Writer::new(codec, scope);
    let attributes = members.iter().filter_map(|member| {
        let Location::Attribute(name) = &member.location else {
            return None;
        };
        let (xml, value) = (&writer.target, value_of(member, owner).optional);
        Some(quote!(#xml.attribute(#name, #value);))
    });
    let children = members.iter().filter_map(|member| {
        let Location::Body(name) = &member.location else {
            return None;
        };
        let element = Element {
            name: super::wire_name(codec, name),
            namespace: member.namespace.as_ref(),
            flattened: member.flattened,
        };
        Some(writer.element(element, &member.ty, &value_of(member, owner)))
    });
    attributes.chain(children).collect()
}

/// Writes a union from `self`: the member that is there. One that this crate does not know cannot be written.
pub(super) fn write_union(codec: Codec, variants: &[Variant], scope: &Scope) -> TokenStream {
    let writer = Writer::new(codec, scope);
    let target = &writer.target;
    let arms = variants.iter().map(|variant| {
        let (name, wire_name) = (format_ident!("{}", variant.name), &variant.wire_name);
        let Some(ty) = &variant.ty else {
            return quote!(Self::#name => #target.unit(#wire_name),);
        };
        let element = Element {
            name: wire_name,
            namespace: variant.namespace.as_ref(),
            flattened: false,
        };
        let value = match variant.boxed {
            true => Value::by(quote!(&**value)),
            false => Value::by(quote!(value)),
        };
        let write = writer.element(element, ty, &value);
        quote!(Self::#name(value) => { #write })
    });
    quote! {
        match self {
            #(#arms)*
            Self::Unknown(_) => {}
        }
    }
}

/// A value to be written, in the two forms that functions take.
struct Value {
    /// `&T` or `&Option<T>`; `None` where the value is boxed.
    plain: Option<TokenStream>,
    /// `Option<&T>`
    optional: TokenStream,
}

impl Value {
    /// A value that is there, by reference.
    fn by(reference: TokenStream) -> Self {
        Self {
            optional: quote!(Some(#reference)),
            plain: Some(reference),
        }
    }
}

fn value_of(member: &Member, owner: &TokenStream) -> Value {
    let field = ident(&member.field);
    let (plain, optional) = match (member.boxed, member.required) {
        (true, true) => (None, quote!(Some(&*#owner.#field))),
        (true, false) => (None, quote!(#owner.#field.as_deref())),
        (false, true) => (Some(quote!(&#owner.#field)), quote!(Some(&#owner.#field))),
        (false, false) => (Some(quote!(&#owner.#field)), quote!(#owner.#field.as_ref())),
    };
    Value { plain, optional }
}

/// The element that a value becomes.
#[derive(Clone, Copy)]
struct Element<'a> {
    name: &'a str,
    namespace: Option<&'a Namespace>,
    flattened: bool,
}

impl<'a> From<&'a ElementName> for Element<'a> {
    fn from(name: &'a ElementName) -> Self {
        Self {
            name: &name.name,
            namespace: name.namespace.as_ref(),
            flattened: false,
        }
    }
}

/// Writes code that writes elements.
struct Writer<'s> {
    codec: Codec,
    scope: &'s Scope,
    /// The variable that is written to.
    target: Ident,
}

impl<'s> Writer<'s> {
    fn new(codec: Codec, scope: &'s Scope) -> Self {
        Self {
            codec,
            scope,
            target: format_ident!("{}", super::name(codec)),
        }
    }

    /// Writes a value as an element, if it is there.
    fn element(&self, element: Element<'_>, ty: &Type, value: &Value) -> TokenStream {
        let (target, name) = (&self.target, element.name);
        let namespace = self.namespace(element.namespace);
        match (ty, &value.plain) {
            (
                Type::List {
                    element: inner,
                    name: own,
                    ..
                },
                Some(list),
            ) => {
                let content = self.content(inner, own.namespace.as_ref());
                let own = &own.name;
                match (self.codec, element.flattened) {
                    (Codec::Form { flattens_lists: true }, _) | (Codec::Xml | Codec::Json | Codec::Cbor, true) => {
                        quote!(#target.each(#name, #list, #content);)
                    }
                    (Codec::Form { .. }, true) => quote!(#target.flat_list(#name, #list, #content);),
                    (_, false) if namespace.is_none() => quote!(#target.list(#name, #own, #list, #content);),
                    (_, false) => self.with_content(element, ty, value),
                }
            }
            (
                Type::Map {
                    key,
                    value: inner,
                    names,
                    ..
                },
                Some(map),
            ) if element.flattened => {
                let entry = self.entry(key, inner, names, element.namespace);
                quote!(#target.entries(#name, #map, #entry);)
            }
            (_, Some(plain)) if namespace.is_none() && self.is_plain(ty) => quote!(#target.member(#name, #plain);),
            _ => self.with_content(element, ty, value),
        }
    }

    fn with_content(&self, element: Element<'_>, ty: &Type, value: &Value) -> TokenStream {
        let (target, name, optional) = (&self.target, element.name, &value.optional);
        let content = self.content(ty, element.namespace);
        quote!(#target.member_with(#name, #optional, #content);)
    }

    /// Whether the type itself knows how it is written.
    fn is_plain(&self, ty: &Type) -> bool {
        let is_container = matches!(ty, Type::List { .. } | Type::Map { .. });
        !is_container && timestamp_wrapper(ty, TimestampFormat::DateTime).is_none()
    }

    /// A function that writes the content of an element.
    fn content(&self, ty: &Type, namespace: Option<&Namespace>) -> TokenStream {
        let (target, module) = (&self.target, super::module(self.codec, self.scope));
        let namespace = self.namespace(namespace);
        let write = match self.codec {
            Codec::Form { .. } => quote!(#module::ToForm::to_form),
            Codec::Xml | Codec::Json | Codec::Cbor => quote!(#module::ToXml::to_xml),
        };
        let inner = match ty {
            Type::List { element, name, .. } => {
                let (content, name) = (self.content(element, name.namespace.as_ref()), &name.name);
                match self.codec {
                    _ if flattens_lists(self.codec) => quote!(#target.numbered(value, #content);),
                    Codec::Form { .. } => quote!(#target.elements(#name, value, #content);),
                    Codec::Xml | Codec::Json | Codec::Cbor => quote!(#target.each(#name, value, #content);),
                }
            }
            Type::Map { key, value, names, .. } => {
                let entry = self.entry(key, value, names, None);
                quote!(#target.entries(#ENTRY, value, #entry);)
            }
            ty => match timestamp_wrapper(ty, TimestampFormat::DateTime) {
                Some(wrapper) => {
                    let timestamp = self.scope.timestamp();
                    quote!(#write(&#timestamp::#wrapper(value), #target);)
                }
                None if namespace.is_none() => return write,
                None => quote!(#write(value, #target);),
            },
        };
        quote!(|value, #target| { #namespace #inner })
    }

    /// A function that writes the content of an entry.
    fn entry(&self, key: &Type, value: &Type, names: &[ElementName; 2], namespace: Option<&Namespace>) -> TokenStream {
        let target = &self.target;
        let namespace = self.namespace(namespace);
        let [key_name, value_name] = names;
        let key = self.element(key_name.into(), key, &Value::by(quote!(key)));
        let value = self.element(value_name.into(), value, &Value::by(quote!(value)));
        quote!(|key, value, #target| { #namespace #key #value })
    }

    /// Declares a namespace; forms have none.
    fn namespace(&self, namespace: Option<&Namespace>) -> Option<TokenStream> {
        let namespace = namespace.filter(|_| self.codec == Codec::Xml)?;
        Some(declare(namespace, &self.target))
    }
}

/// Declares a namespace on the element that was just begun.
pub(super) fn declare(namespace: &Namespace, xml: &Ident) -> TokenStream {
    let Namespace { prefix, uri } = namespace;
    quote!(#xml.namespace(#prefix, #uri);)
}

/// Reads all members that travel in an element, each into its place.
pub(super) fn read_members(
    codec: Codec,
    members: &[Member],
    reader: &Reader,
    place: impl Fn(Ident) -> TokenStream,
) -> TokenStream {
    let Reader { source: xml, name } = reader;
    let attributes = members.iter().filter_map(|member| {
        let Location::Attribute(attribute) = &member.location else {
            return None;
        };
        // The prefix is the sender's choice.
        let attribute = attribute.rsplit(':').next().unwrap_or(attribute);
        let place = place(ident(&member.field));
        Some(match member.required {
            true => quote!(#xml.fill_attribute(#attribute, &mut #place)?;),
            false => quote!(#place = #xml.read_attribute(#attribute)?;),
        })
    });
    let attributes: TokenStream = attributes.collect();
    let arms: Vec<TokenStream> = members
        .iter()
        .filter_map(|member| {
            let Location::Body(wire_name) = &member.location else {
                return None;
            };
            let shares = |other: &&Member| other.location == member.location && other.name != member.name;
            let read = read_member(codec, member, xml, place(ident(&member.field)));
            let read = match members.iter().find(shares) {
                None => read,
                // It is read with the value that is the last of its elements.
                Some(_) if member.flattened => return None,
                Some(list) => {
                    let value = place(ident(&member.field));
                    let list = collection(list, &place(ident(&list.field)));
                    let value = if member.required {
                        quote!(Some(#value.clone()))
                    } else {
                        quote!(#value.clone())
                    };
                    quote!({ #read; #list.extend(#value); })
                }
            };
            let wire_name = super::wire_name(codec, wire_name);
            Some(quote!(#wire_name => #read,))
        })
        .collect();
    if arms.is_empty() {
        return quote!(#attributes #xml.skip()?;);
    }
    quote! {
        #attributes
        while let Some(#name) = #xml.next_child()? {
            match #name {
                #(#arms)*
                _ => #xml.skip()?,
            }
        }
    }
}

/// Reads an element into the place of its member.
fn read_member(codec: Codec, member: &Member, xml: &Ident, place: TokenStream) -> TokenStream {
    let collection = match member.required {
        true => quote!(&mut #place),
        false => collection(member, &place),
    };
    match &member.ty {
        Type::List { element, .. } if member.flattened || flattens_lists(codec) => match reads_itself(codec, element) {
            true => quote!(#xml.push(#collection)?),
            false => {
                let read = read(codec, element, xml);
                quote!(#xml.push_with(#collection, #read)?)
            }
        },
        Type::Map { value, names, .. } if member.flattened => {
            let [key, entry_value] = &**names;
            let (key, entry_value, read) = (&key.name, &entry_value.name, read(codec, value, xml));
            quote!(#xml.entry(#collection, #key, #entry_value, #read)?)
        }
        _ if member.boxed => {
            let assign = assign(member, &place, quote!(#xml.read()?.map(Box::new)));
            quote!({ #assign })
        }
        ty if reads_itself(codec, ty) => quote!(#xml.fill(&mut #place)?),
        ty => {
            let read = read(codec, ty, xml);
            quote!(#xml.fill_with(&mut #place, #read)?)
        }
    }
}

/// A collection, which is there from its first element on.
fn collection(member: &Member, place: &TokenStream) -> TokenStream {
    match member.required {
        true => place.clone(),
        false => quote!(#place.get_or_insert_default()),
    }
}

/// Assigns an optional value to the place of a member.
fn assign(member: &Member, place: &TokenStream, value: TokenStream) -> TokenStream {
    match member.required {
        true => quote!(if let Some(new_value) = #value { #place = new_value; }),
        false => quote!(#place = #value;),
    }
}

/// Whether all lists are those of EC2.
fn flattens_lists(codec: Codec) -> bool {
    codec == Codec::Form { flattens_lists: true }
}

/// Whether the type itself knows how it is read: lists have elements inside them, and entries of maps the usual names.
fn reads_itself(codec: Codec, ty: &Type) -> bool {
    match ty {
        Type::List { element, .. } => !flattens_lists(codec) && reads_itself(codec, element),
        Type::Map { value, names, .. } => {
            let [key, entry_value] = &**names;
            key.name == "key" && entry_value.name == "value" && reads_itself(codec, value)
        }
        _ => true,
    }
}

/// A function that reads the content of an element.
fn read(codec: Codec, ty: &Type, xml: &Ident) -> TokenStream {
    match ty {
        Type::List { element, .. } if !reads_itself(codec, ty) => {
            let read = read(codec, element, xml);
            match flattens_lists(codec) {
                true => quote!(|#xml| #xml.numbered(#read)),
                false => quote!(|#xml| #xml.list(#read)),
            }
        }
        Type::Map { value, names, .. } if !reads_itself(codec, ty) => {
            let [key, entry_value] = &**names;
            let (key, entry_value, read) = (&key.name, &entry_value.name, read(codec, value, xml));
            quote!(|#xml| #xml.map(#key, #entry_value, #read))
        }
        _ => quote!(|#xml| #xml.read()),
    }
}

/// Reads a union: the first member that this crate knows.
pub(super) fn read_union(codec: Codec, variants: &[Variant], scope: &Scope) -> TokenStream {
    let unknown_member = scope.unknown_member();
    let xml = super::variable(codec);
    let arms = variants.iter().map(|variant| {
        let (name, wire_name) = (format_ident!("{}", variant.name), &variant.wire_name);
        match &variant.ty {
            Some(ty) => {
                let read = match reads_itself(codec, ty) {
                    true => quote!(#xml.read()?),
                    false => {
                        let read = read(codec, ty, &xml);
                        quote!((#read)(#xml)?)
                    }
                };
                let boxed = variant.boxed.then(|| quote!(.map(Box::new)));
                quote!(#wire_name => #read #boxed.map(Self::#name),)
            }
            None => quote! {
                #wire_name => {
                    #xml.skip()?;
                    Some(Self::#name)
                }
            },
        }
    });
    quote! {
        #xml.union(
            |#xml, name| {
                Ok(Some(match name {
                    #(#arms)*
                    _ => return Ok(None),
                }))
            },
            |name| Self::Unknown(#unknown_member::UnknownMember::named(name)),
        )
    }
}
