//! The plain `stepwright`: definitions in files.

use std::fs;
use stepwright::asl::Definition;

#[test]
fn the_definition_of_the_shop_has_no_findings() {
    let text = fs::read_to_string("src/shop.asl.json").unwrap();
    let (definition, found) = Definition::check(&text);
    assert_eq!(found, []);
    assert_eq!(definition.unwrap().to_text(), text);
}
