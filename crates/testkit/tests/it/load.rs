//! Rows of imported tables.

use std::fs;

use jinsheng_data::{AddOptions, NoProgress, Warehouse};
use jinsheng_testkit::data::NaiveTable;
use jinsheng_testkit::load;

#[test]
fn cells_are_what_the_file_says() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("income.csv");
    fs::write(
        &file,
        "code,revenue,day,listed,number\n000001,12.50,2024-01-31,true,1\n000002,,2024-02-29,false,2\n000003,-3,,true,\n",
    )
    .unwrap();
    let mut warehouse = Warehouse::open(&folder.path().join("state")).unwrap();
    warehouse
        .add(&file, &AddOptions::default(), &mut NoProgress)
        .unwrap();
    let data = load::rows(&warehouse).unwrap();
    assert_eq!(
        data.tables["income"],
        NaiveTable::parse(
            "code | revenue | day | listed | number
             '000001' | 12.5 | 2024-01-31 | true | 1
             '000002' | | 2024-02-29 | false | 2
             '000003' | -3 | | true |"
        )
    );
}
