//! The table of a shapefile (dBASE III). Numbers are taken from their text, so that long identifiers stay whole.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use model::{Finding, Properties};
use serde_json::Value;

use crate::text;

/// A table, taken apart.
pub(crate) struct Table<'b> {
    columns: Vec<Column>,
    rows: &'b [u8],
    row_bytes: usize,
    announced: usize,
    encoding: Option<&'static Encoding>,
}

struct Column {
    name: String,
    kind: u8,
    start: usize,
    length: usize,
}

const HEAD_BYTES: usize = 32;

impl<'b> Table<'b> {
    /// Reads the head. `cpg` is the content of the `.cpg` file.
    ///
    /// # Errors
    /// Says what is wrong with the head.
    pub fn new(bytes: &'b [u8], cpg: Option<&str>) -> Result<Self, String> {
        let head = bytes.get(..HEAD_BYTES).ok_or("the .dbf is cut off within its head")?;
        let announced = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let head_bytes = usize::from(u16::from_le_bytes([head[8], head[9]]));
        let row_bytes = usize::from(u16::from_le_bytes([head[10], head[11]]));
        let encoding = cpg.and_then(text::named).or_else(|| of_language(head[29]));
        let columns = columns(
            bytes.get(HEAD_BYTES..head_bytes).ok_or("the .dbf is cut off within its columns")?,
            encoding,
        );
        if columns.last().is_some_and(|last| last.start + last.length > row_bytes) || row_bytes == 0 {
            return Err(format!("the columns of the .dbf need more than its {row_bytes} bytes a row"));
        }
        Ok(Self { columns, rows: &bytes[head_bytes..], row_bytes, announced, encoding })
    }

    /// How many rows there are, and how many the head announces.
    pub fn counts(&self) -> (usize, usize) {
        (self.rows.len() / self.row_bytes, self.announced)
    }

    /// Names of the columns.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// Values of a row, by column; nulls are left out. `None` behind the last row.
    pub fn row(&self, index: usize) -> Option<Properties> {
        let start = index.checked_mul(self.row_bytes)?;
        let row = self.rows.get(start..start.checked_add(self.row_bytes)?)?;
        let mut values = Properties::new();
        for column in &self.columns {
            if let Some(value) = self.value(column, &row[column.start..column.start + column.length]) {
                values.insert(column.name.clone(), value);
            }
        }
        if row[0] == b'*' {
            values.insert("deleted in the .dbf".to_owned(), Value::Bool(true));
        }
        Some(values)
    }

    /// A note where the encoding was assumed and matters.
    pub fn note(&self) -> Option<Finding> {
        let is_assumed = self.encoding.is_none() && !self.rows.is_ascii();
        is_assumed.then(|| text::note(WINDOWS_1252, "where it is not UTF-8, because no .cpg says what it is"))
    }

    fn value(&self, column: &Column, bytes: &[u8]) -> Option<Value> {
        let bytes = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
        let text = decode(bytes.trim_ascii_end(), self.encoding);
        let text = if column.kind == b'C' { text.as_str() } else { text.trim() };
        match column.kind {
            _ if text.is_empty() => None,
            b'N' | b'F' if text.starts_with('*') => None,
            b'N' | b'F' => Some(text.parse().map_or_else(|_| Value::from(text), Value::Number)),
            b'D' if text.bytes().all(|byte| byte == b'0') => None,
            b'D' if text.len() == 8 && text.is_ascii() => {
                Some(Value::from(format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..])))
            }
            b'L' => match text {
                "T" | "t" | "Y" | "y" => Some(Value::Bool(true)),
                "F" | "f" | "N" | "n" => Some(Value::Bool(false)),
                "?" => None,
                other => Some(Value::from(other)),
            },
            _ => Some(Value::from(text)),
        }
    }
}

fn columns(bytes: &[u8], encoding: Option<&'static Encoding>) -> Vec<Column> {
    // The first byte of a row says whether it is deleted.
    let mut start = 1;
    let mut columns: Vec<Column> = Vec::new();
    for described in bytes.chunks_exact(HEAD_BYTES).take_while(|described| described[0] != 0x0d) {
        let name = described[..11].split(|byte| *byte == 0).next().unwrap_or_default();
        let name = decode(name, encoding).trim().to_owned();
        let repeated = columns.iter().any(|known| known.name == name);
        let name = if repeated { format!("{name} (column {})", columns.len() + 1) } else { name };
        let length = usize::from(described[16]);
        columns.push(Column { name, kind: described[11].to_ascii_uppercase(), start, length });
        start += length;
    }
    columns
}

/// Text in the stated encoding; else UTF-8 where it is that, else Windows-1252.
fn decode(bytes: &[u8], encoding: Option<&'static Encoding>) -> String {
    let encoding =
        encoding.unwrap_or_else(|| if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 });
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// The head's language byte. Byte 0x57 says "whatever this Windows uses", which says nothing.
fn of_language(byte: u8) -> Option<&'static Encoding> {
    match byte {
        0xc8 => text::named("1250"),
        0xc9 => text::named("1251"),
        0x26 | 0x65 => text::named("866"),
        _ => None,
    }
}
