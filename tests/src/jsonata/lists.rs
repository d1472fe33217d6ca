//! Lists and objects: paths, predicates, sorting, grouping, transforms, higher-order functions.

use super::write::{Kind, Writer};
use Kind::{Any, Boolean, List, Number, Object, Text};

impl Writer<'_> {
    pub(super) fn list(&mut self, depth: usize) -> String {
        let list = self.part(List, depth);
        match self.random.below(30) {
            0..=2 => {
                let items: Vec<_> =
                    (0..self.random.below(4)).map(|_| self.write(Any, depth)).collect();
                format!("[{}]", items.join(", "))
            }
            3 => {
                let (first, last) = (
                    self.random.pick(&["0", "1", "-2", "5"]),
                    self.random.pick(&["3", "0", "$n", "$count($xs)", "1.5"]),
                );
                format!("[{first}..{last}]")
            }
            4 | 5 => {
                let function = self.function(depth);
                format!("$map({list}, {function})")
            }
            6 => {
                let body =
                    self.with(&[("v", Any), ("i", Number)], |writer| writer.write(Boolean, depth));
                format!("$filter({list}, function($v, $i){{ {body} }})")
            }
            7 => format!(
                "$sort({})",
                self.random.pick(&[
                    "$xs",
                    "$ts",
                    "$os.a",
                    "[3,1,2]",
                    "['b','a','B']",
                    "$mixed",
                    "$one"
                ])
            ),
            8 => format!(
                "$sort({list}, function($l, $r){{ {} }})",
                self.random.pick(&[
                    "$l > $r",
                    "$l < $r",
                    "$string($l) > $string($r)",
                    "$l.a > $r.a",
                    "false"
                ])
            ),
            9 => format!("{}({list})", self.random.pick(&["$reverse", "$distinct", "$spread"])),
            10 => format!("$append({list}, {})", self.write(Any, depth)),
            11 => format!("$zip({list}, {})", self.write(List, depth)),
            12 => format!(
                "$split({}, {}{})",
                self.write(Text, depth),
                self.pattern(),
                self.random.pick(&["", ", 2", ", 0"])
            ),
            13 => format!("$keys({})", self.write(Object, depth)),
            14 => format!(
                "$each({}, function($v, $k){{ {} }})",
                self.write(Object, depth),
                self.random.pick(&["$k", "$v", "$k & '=' & $string($v)", "[$k]"])
            ),
            15 => format!(
                "$match({}, {})",
                self.write(Text, depth),
                self.random.pick(super::data::PATTERNS)
            ),
            16 => self.over_objects(depth),
            17 => format!("[{list}][]"),
            18 => format!(
                "[{list}][{}]",
                self.random.pick(&["0", "-1", "[0..1]", "$ > 1", "true", "1.9", "$n"])
            ),
            19 => format!(
                "{list}.{}",
                self.random.pick(&[
                    "$",
                    "($ & 'x')",
                    "[$]",
                    "{'v': $}",
                    "$string()",
                    "a",
                    "*",
                    "(a + 1)"
                ])
            ),
            20 => format!(
                "{}.{}",
                self.part(Object, depth),
                self.random.pick(&["*", "**", "c.e", "**.d", "k", "c.e.f", "%", "`a`"])
            ),
            21 => format!("{list}^({})", self.random.pick(&["$", ">$", "<$", "a", ">a, b"])),
            22 => format!("$lookup({list}, {})", self.random.pick(&["'a'", "'b'", "'zz'", "'c'"])),
            23 => format!("$map({list}, function($v){{ $v }})[]"),
            24 => format!(
                "$single({list}{})",
                self.random.pick(&["", ", function($v){ $v = 1 }", ", function($v, $i){ $i = 0 }"])
            ),
            _ => self.over_objects(depth),
        }
    }

    /// A function of one value.
    fn function(&mut self, depth: usize) -> String {
        match self.random.below(4) {
            0 => self
                .random
                .pick(&[
                    "$string",
                    "$uppercase",
                    "$type",
                    "$boolean",
                    "$not",
                    "$abs",
                    "$length",
                    "$exists",
                    "$count",
                    "$sum",
                ])
                .to_owned(),
            1 => {
                let body = self.with(&[("v", Any), ("i", Number), ("all", List)], |writer| {
                    writer.write(Any, depth)
                });
                format!("function($v, $i, $all){{ {body} }}")
            }
            _ => {
                let body = self.with(&[("v", Any)], |writer| writer.write(Any, depth));
                format!("function($v){{ {body} }}")
            }
        }
    }

    /// Paths over `$os`.
    fn over_objects(&mut self, depth: usize) -> String {
        match self.random.below(12) {
            0 | 1 => {
                let condition = self.focused(|writer| writer.write(Boolean, depth));
                format!("$os[{condition}]")
            }
            2 => {
                let condition = self.focused(|writer| writer.write(Boolean, depth.min(1)));
                format!("$os[{condition}].{}", self.random.pick(&["a", "b", "c.d", "c.e", "t"]))
            }
            3 | 4 => {
                let step = self.focused(|writer| writer.write(Any, depth));
                format!("$os.({step})")
            }
            5 => {
                let value = self.focused(|writer| writer.write(Any, depth));
                format!("$os.{{'k': {value}, 'a': a}}")
            }
            6 => format!(
                "$os^({})",
                self.random.pick(&[
                    "a",
                    ">a",
                    "b",
                    "<a, >b",
                    "c.d",
                    ">i",
                    "a, i",
                    "$length(b)",
                    "t"
                ])
            ),
            7 => format!(
                "$os#$i.{}",
                self.random.pick(&["{'i': $i, 'a': a}", "[$i, a]", "(a + $i)", "$i"])
            ),
            8 => format!(
                "$os@$v.{}",
                self.random.pick(&["$v.a", "[$v.b]", "$os[a = $v.a].i", "c.d"])
            ),
            9 => format!(
                "$os.c.{}",
                self.random.pick(&["%.a", "e[0]", "e", "d", "{'p': %.b}", "e.($ * 2)", "e[$ > 1]"])
            ),
            10 => {
                let items = self.focused(|writer| writer.write(Number, depth));
                format!("$os.[{items}]")
            }
            _ => format!(
                "$os.{}",
                self.random.pick(&[
                    "a[0]",
                    "c.e[-1]",
                    "*",
                    "**",
                    "(a; b)",
                    "`b`",
                    "c[d > 0].e",
                    "$",
                    "t[0]",
                    "n"
                ])
            ),
        }
    }

    pub(super) fn object(&mut self, depth: usize) -> String {
        match self.random.below(14) {
            0..=3 => {
                let keys = ["a", "b", "key", "é", "x y", "d"];
                let start = self.random.below(keys.len());
                let entries: Vec<_> = (0..self.random.below(4))
                    .map(|index| {
                        let key = keys[(start + index) % keys.len()];
                        format!("'{key}': {}", self.write(Any, depth))
                    })
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
            4 => format!("$merge([{}, {}])", self.write(Object, depth), self.write(Object, depth)),
            5 | 6 => {
                let key = self.random.pick(&["b", "t", "'all'", "$string(a) & 'k'", "$type(a)"]);
                let value = self.random.pick(&[
                    "a",
                    "$sum(a)",
                    "$count($)",
                    "i",
                    "c.d",
                    "$join(b)",
                    "$",
                    "c.e[0]",
                ]);
                format!("$os{{{key}: {value}}}")
            }
            7 | 8 => {
                let object = self.part(Object, depth);
                let place = self.random.pick(&["$", "c", "$[a > 1]", "c[d = 1]", "missing"]);
                let update = self.random.pick(&[
                    "{'x': 1}",
                    "{'a': a + 1}",
                    "{'d': d}",
                    "{}",
                    "{'n': $count(*)}",
                ]);
                let delete = self.random.pick(&["", "", ", 'a'", ", ['a', 'b']"]);
                format!("({object} ~> |{place}|{update}{delete}|)")
            }
            9 => format!(
                "$sift({}, function($v, $k){{ {} }})",
                self.write(Object, depth),
                self.random.pick(&["$k = 'a'", "$v = 1", "$type($v) = 'string'", "true", "false"])
            ),
            10 => format!("[{}][0]", self.write(List, depth)),
            11 => format!("$spread({})[0]", self.write(Object, depth)),
            12 => format!(
                "$reduce({}, function($acc, $v){{ $merge([$acc, {{'k' & $string($v): $v}}]) }}, {{}})",
                self.random.pick(&["$xs", "$ts", "$one", "[1..3]"])
            ),
            _ => format!("$clone({})", self.write(Object, depth)),
        }
    }
}
