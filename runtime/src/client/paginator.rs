//! Results that come in pages.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::answer::operation::{self, Operation};
use crate::client::{Caller, Sending};
use crate::error::{Error, Kind};

/// An operation whose results come in pages: each output may have a token, which asks for the next page.
pub trait Paginated: Operation + Clone + Unpin + 'static {
    /// Makes this input, with which a page was requested, ask for the page after it, if there is one.
    #[doc(hidden)]
    fn advance(&mut self, page: &Self::Output) -> NextPage;
}

/// What follows a page: whether there is another one, and whether it is asked for by other tokens.
#[derive(Debug, Default)]
pub struct NextPage {
    is_there: bool,
    differs: bool,
}

impl NextPage {
    /// Takes a token into its member. Empty text is no token.
    pub fn text<T: PartialEq + for<'t> From<&'t str>>(&mut self, member: &mut Option<T>, token: Option<&str>) {
        self.value(member, token.filter(|token| !token.is_empty()).map(T::from));
    }

    /// The same for a member that always has a value.
    pub fn required_text<T: PartialEq + for<'t> From<&'t str>>(&mut self, member: &mut T, token: Option<&str>) {
        self.required_value(member, token.filter(|token| !token.is_empty()).map(T::from));
    }

    /// Takes a token into its member.
    pub fn value<T: PartialEq>(&mut self, member: &mut Option<T>, token: Option<T>) {
        self.is_there |= token.is_some();
        self.differs |= *member != token;
        *member = token;
    }

    /// The same for a member that always has a value.
    pub fn required_value<T: PartialEq>(&mut self, member: &mut T, token: Option<T>) {
        if let Some(token) = token {
            self.is_there = true;
            self.differs |= *member != token;
            *member = token;
        }
    }
}

/// An operation whose pages are made of items.
pub trait PaginatedItems: Paginated {
    /// The items of a page.
    type Items: IntoIterator<IntoIter: Send + Unpin>;

    /// Takes the items out of a page.
    fn items(page: Self::Output) -> Self::Items;
}

/// The pages of a result: a [`Stream`] of outputs.
///
/// A page is requested when it is polled for, never before. The stream ends after an error. A page with the token that it
/// was requested with is followed by an error: the pages would never end.
///
/// [`next`](Self::next) and the other methods here need no `StreamExt`. Dropping their futures loses nothing: the next one
/// continues the call.
#[must_use = "pages are asked for when they are waited for"]
pub struct Pages<O: Paginated> {
    caller: Caller,
    /// What asks for the next page.
    input: O,
    state: State<O::Output, O::Error>,
}

enum State<T, E> {
    /// There is a page to ask for.
    Waiting,
    /// It has been asked for.
    Calling(Sending<T, E>),
    /// The service would give the same page again.
    Repeating,
    Ended,
}

impl<O: Paginated> Pages<O> {
    #[doc(hidden)]
    pub fn new(caller: Caller, input: O) -> Self {
        Self {
            caller,
            input,
            state: State::Waiting,
        }
    }

    /// The next page. `None` after the last one, and after an error.
    pub async fn next(&mut self) -> Option<Result<O::Output, O::Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// The next page. `None` after the last one.
    ///
    /// # Errors
    ///
    /// The error of the call for a page, or that the service repeats a token.
    pub async fn try_next(&mut self) -> Result<Option<O::Output>, O::Error> {
        self.next().await.transpose()
    }

    /// All pages that are left.
    ///
    /// # Errors
    ///
    /// The first error. The pages before it are lost then.
    pub async fn try_collect(mut self) -> Result<Vec<O::Output>, O::Error> {
        let mut pages = Vec::new();
        while let Some(page) = self.try_next().await? {
            pages.push(page);
        }
        Ok(pages)
    }

    /// What the pages are made of, one after the other.
    pub fn items(self) -> Items<O>
    where
        O: PaginatedItems,
    {
        Items {
            pages: self,
            page: None,
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<O::Output, O::Error>>> {
        loop {
            match &mut self.state {
                State::Waiting => {
                    let call = self.caller.clone().send(self.input.clone());
                    self.state = State::Calling(call);
                }
                State::Calling(call) => {
                    let result = ready!(Pin::new(call).poll(context));
                    self.state = match &result {
                        Ok(page) => self.after(page),
                        Err(_) => State::Ended,
                    };
                    return Poll::Ready(Some(result));
                }
                State::Repeating => {
                    self.state = State::Ended;
                    let error = Error::new(Kind::RepeatedToken).in_operation(operation::info::<O>());
                    return Poll::Ready(Some(Err(error.into())));
                }
                State::Ended => return Poll::Ready(None),
            }
        }
    }

    fn after(&mut self, page: &O::Output) -> State<O::Output, O::Error> {
        match self.input.advance(page) {
            NextPage { is_there: false, .. } => State::Ended,
            NextPage { differs: false, .. } => State::Repeating,
            NextPage { .. } => State::Waiting,
        }
    }
}

impl<O: Paginated> Stream for Pages<O> {
    type Item = Result<O::Output, O::Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<O: Paginated> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &O::NAME)
            .finish_non_exhaustive()
    }
}

/// What the pages of a result are made of, one after the other: a [`Stream`] of items.
///
/// After an error, the stream ends. See [`Pages`].
#[must_use = "pages are asked for when their items are waited for"]
pub struct Items<O: PaginatedItems> {
    pages: Pages<O>,
    /// What is left of the last page.
    page: Option<<O::Items as IntoIterator>::IntoIter>,
}

/// An item of a page.
type Item<O> = <<O as PaginatedItems>::Items as IntoIterator>::Item;

impl<O: PaginatedItems> Items<O> {
    /// The next item. `None` after the last one, and after an error.
    pub async fn next(&mut self) -> Option<Result<Item<O>, O::Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// The next item. `None` after the last one.
    ///
    /// # Errors
    ///
    /// The error of the call for a page, or that the service repeats a token.
    pub async fn try_next(&mut self) -> Result<Option<Item<O>>, O::Error> {
        self.next().await.transpose()
    }

    /// All items that are left.
    ///
    /// # Errors
    ///
    /// The first error. The items before it are lost then.
    pub async fn try_collect(mut self) -> Result<Vec<Item<O>>, O::Error> {
        let mut items = Vec::new();
        while let Some(item) = self.try_next().await? {
            items.push(item);
        }
        Ok(items)
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Item<O>, O::Error>>> {
        loop {
            if let Some(item) = self.page.as_mut().and_then(Iterator::next) {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll(context)) {
                Some(Ok(page)) => self.page = Some(O::items(page).into_iter()),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<O: PaginatedItems> Stream for Items<O> {
    type Item = Result<Item<O>, O::Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<O: PaginatedItems> fmt::Debug for Items<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("operation", &O::NAME)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_end_when_all_tokens_are_missing() {
        let (mut key, mut part) = (Some("k".to_owned()), Some(1));
        let mut advance = |next_key, next_part| {
            let mut next = NextPage::default();
            next.text(&mut key, next_key);
            next.value(&mut part, next_part);
            (next.is_there, next.differs, key.clone(), part)
        };
        let key = |key: &str| Some(key.to_owned());
        assert_eq!(advance(Some("k"), Some(2)), (true, true, key("k"), Some(2)));
        assert_eq!(advance(Some("k"), Some(2)), (true, false, key("k"), Some(2)));
        assert_eq!(advance(Some("l"), None), (true, true, key("l"), None));
        assert_eq!(advance(Some(""), None), (false, true, None, None));
    }
}
