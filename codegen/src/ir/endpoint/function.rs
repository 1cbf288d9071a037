//! The functions of the endpoint rules that the runtime has: how rules call them, and how generated code does.

use super::Type;

/// A function whose arguments are expressions.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name in the rules, such as `aws.parseArn`.
    pub name: &'static str,
    /// What it takes, in words.
    pub takes: &'static str,
    /// What each of its parameters takes.
    pub parameters: &'static [Takes],
    /// What it returns.
    pub result: Type,
    /// Whether the result may be empty.
    pub is_optional: bool,
    /// Its name in the runtime, such as `parse_arn`.
    pub runtime: &'static str,
}

/// What a parameter of a function takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Text.
    Text,
    /// Text that the result borrows from.
    LastingText,
    /// Text of one character or more.
    Delimiter,
    /// A number from 0, as written.
    Size,
    /// True or false.
    Flag,
    /// The same; false where it is left out.
    OptionalFlag,
}

impl Function {
    /// The function that rules call by this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        FUNCTIONS.iter().find(|function| function.name == name)
    }
}

/// Every function.
pub static FUNCTIONS: [Function; 8] = [
    Function {
        name: "substring",
        takes: "a text, start and stop as numbers from 0, and whether they count from the end",
        parameters: &[Takes::LastingText, Takes::Size, Takes::Size, Takes::Flag],
        result: Type::Text,
        is_optional: true,
        runtime: "substring",
    },
    Function {
        name: "split",
        takes: "a text, a delimiter, and the most parts as a number from 0",
        parameters: &[Takes::LastingText, Takes::Delimiter, Takes::Size],
        result: Type::List,
        is_optional: true,
        runtime: "split",
    },
    Function {
        name: "uriEncode",
        takes: "one text",
        parameters: &[Takes::Text],
        result: Type::Text,
        is_optional: false,
        runtime: "uri_encode",
    },
    Function {
        name: "parseURL",
        takes: "one text",
        parameters: &[Takes::LastingText],
        result: Type::Url,
        is_optional: true,
        runtime: "parse_url",
    },
    Function {
        name: "isValidHostLabel",
        takes: "a text, and whether it may have dots",
        parameters: &[Takes::Text, Takes::OptionalFlag],
        result: Type::Boolean,
        is_optional: false,
        runtime: "is_valid_host_label",
    },
    Function {
        name: "aws.partition",
        takes: "one text",
        parameters: &[Takes::Text],
        result: Type::Partition,
        is_optional: true,
        runtime: "Partition::of_region",
    },
    Function {
        name: "aws.parseArn",
        takes: "one text",
        parameters: &[Takes::LastingText],
        result: Type::Arn,
        is_optional: true,
        runtime: "parse_arn",
    },
    Function {
        name: "aws.isVirtualHostableS3Bucket",
        takes: "a text, and whether it may have dots",
        parameters: &[Takes::Text, Takes::OptionalFlag],
        result: Type::Boolean,
        is_optional: false,
        runtime: "is_virtual_hostable_s3_bucket",
    },
];
