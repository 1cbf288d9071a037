//! What somebody may have written with the old crate. It uses everything there is, so it compiles with a new crate
//! exactly if nothing that users see has gone or changed.
#![allow(deprecated, reason = "a deprecated name still works")]

use std::collections::HashMap;
use std::time::Duration;

use shop::error::ServiceError;
use shop::operation::create_item::{CreateItemInput, CreateItemOutput};
use shop::operation::get_item::{GetItemInput, GetItemOutput};
use shop::operation::list_items::{ListItemsInput, ListItemsOutput};
use shop::operation::put_content::{PutContentInput, PutContentOutput};
use shop::operation::watch::{WatchInput, WatchOutput};
use shop::types::{Added, Choice, Draft, Events, Item, ItemState, Options, Part, Removed};
use shop::{Body, ByteStream, Bytes, Client, DateTime, Error, EventStream, PresignedRequest};

pub async fn calls(client: &Client) -> Result<(), Error> {
    let _: GetItemOutput = client.get_item().id("a").state("NEW").state(ItemState::New).trace("t").send().await?;
    let _: PutContentOutput = client.put_content().id("a").token("t").password("p").content("c").send().await?;
    let _: CreateItemOutput = client.create_item().draft(draft()).old("o").send().await?;
    let _: ListItemsOutput = client.list_items().next_token("n").limit(5_i32).send().await?;
    let _: WatchOutput = client.watch().send().await?;
    let mut items = client.list_items().paginate().items();
    let _: Option<Item> = items.try_next().await?;
    client.wait_until_item_ready().id("a").wait(Duration::from_secs(60)).await?;
    let valid_for = Duration::from_secs(60);
    let _: PresignedRequest = client.get_item().id("a").presign(valid_for).await?;
    let _: PresignedRequest = client.list_items().presign(valid_for).await?;
    let _: PresignedRequest = client.watch().presign(valid_for).await?;
    assert!(Client::can_paginate("ListItems") && Client::waiter_names().len() == 1);
    Ok(())
}

pub fn draft() -> Draft {
    let part: Part = Part::builder().name("n").size(5_i64).inner(Part::builder().name("i").build()).build();
    let options: Options = Options::builder().gift(true).build();
    let _: Draft = Draft::builder().name("n").choice(Choice::Number(5)).build();
    Draft::builder().name("n").parts([part]).options(options).build()
}

pub fn inputs(get: &GetItemInput, put: &PutContentInput, create: &CreateItemInput, list: &ListItemsInput) {
    let _ = (get.clone(), create.clone(), list.clone());
    let GetItemInput { id, state, trace, .. } = get;
    let _: (&String, &Option<ItemState>, &Option<String>) = (id, state, trace);
    let PutContentInput { id, token, password, content, .. } = put;
    let _: (&String, &Option<String>, &Option<String>, &Body) = (id, token, password, content);
    let CreateItemInput { draft, old, .. } = create;
    let _: (&Draft, &Option<String>) = (draft, old);
    let ListItemsInput { next_token, limit, .. } = list;
    let _: (&Option<String>, &Option<i32>) = (next_token, limit);
    let _: WatchInput = WatchInput::builder().build().clone();
    let _: GetItemInput = GetItemInput::builder().id("a").build();
}

pub fn outputs(get: GetItemOutput, put: PutContentOutput, create: CreateItemOutput, list: ListItemsOutput) {
    let _ = (get.clone() == get, create.clone() == create, list.clone() == list);
    let GetItemOutput { item, labels, count, status, tag, .. } = get;
    let _: (Option<Item>, HashMap<String, String>, i32, Option<i32>) = (item, labels, count, status);
    let _: Option<String> = tag;
    let PutContentOutput { version, receipt, .. } = put;
    let _: (Option<i32>, ByteStream) = (version, receipt);
    let CreateItemOutput { item, .. } = create;
    let _: Option<Item> = item;
    let ListItemsOutput { items, names, next_token, .. } = list;
    let _: (Vec<Item>, Vec<String>, Option<String>) = (items, names, next_token);
    let _ = (GetItemOutput::default(), ListItemsOutput::default());
}

pub fn structures(item: Item, part: Part, draft: Draft, choices: Options) {
    let _: (Item, Options) = (Item::default(), Options::default());
    let Item { id, state, parts, weight, created, code, .. } = item;
    let _: (String, Option<ItemState>, Vec<Part>) = (id, state, parts);
    let _: (Option<f64>, Option<DateTime>, Option<Bytes>) = (weight, created, code);
    let Part { name, size, inner, .. } = part;
    let _: (String, Option<i64>, Option<Box<Part>>) = (name, size, inner);
    let Draft { name, choice, parts, options, .. } = draft;
    let _: (String, Option<Choice>, Option<Vec<Part>>, Option<Options>) = (name, choice, parts, options);
    let Options { gift, .. } = choices;
    let _: Option<bool> = gift;
}

pub fn variants(state: &ItemState, choice: Choice) {
    match state {
        ItemState::New | ItemState::Ready | ItemState::Sold => {}
        _ => {}
    }
    match choice {
        Choice::Number(number) => drop::<i32>(number),
        Choice::Part(part) => drop::<Part>(part),
        Choice::Word(word) => drop::<String>(word),
        _ => {}
    }
}

pub async fn events(mut events: EventStream<Events>) -> Result<(), Error> {
    match events.recv().await? {
        Some(Events::Added(Added { item, .. })) => drop::<Option<Item>>(item),
        Some(Events::Removed(Removed { id, .. })) => drop::<Option<String>>(id),
        _ => {}
    }
    Ok(())
}

pub fn errors(error: &Error) -> Option<String> {
    match error.service_error()? {
        ServiceError::ItemMissing(error) => error.shelf.clone().or_else(|| error.message.clone()),
        ServiceError::ShopBusy(error) => error.message.clone(),
        ServiceError::ShopClosed(error) => error.message.clone(),
        _ => None,
    }
}
