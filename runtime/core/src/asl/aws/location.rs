//! Places as AWS writes them: names after slashes, places in lists in brackets.

use super::super::Node;

/// The place of a JSON pointer.
pub(super) fn location(pointer: &str, source: &Node) -> String {
    let mut node = Some(source);
    let mut parts = Vec::new();
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        let items = node.and_then(Node::items);
        parts.push(if items.is_some() { format!("[{token}]") } else { format!("/{token}") });
        node = match items {
            Some(items) => token.parse::<usize>().ok().and_then(|i| items.get(i)),
            None => node.and_then(|node| node.get(&token)),
        };
    }
    if parts.is_empty() { "/".to_owned() } else { parts.concat() }
}

/// The JSON pointer of what is around.
pub(super) fn parent(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}
