//! Folders that may not be written, and disks that are full.

use std::fs;
use std::process::Command;

use expect_test::expect;

use crate::support::{Place, run};

/// A small file system in memory at a folder; gone at the end.
struct Small(std::path::PathBuf);

impl Small {
    /// `None`, with a word on standard error, where this process may not mount.
    fn mount(path: std::path::PathBuf, options: &str) -> Option<Self> {
        fs::create_dir_all(&path).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(&path)
            .output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(path));
        }
        eprintln!("skipped: this process may not mount a small file system");
        None
    }

    fn remount(&self, options: &str) {
        let done = Command::new("mount")
            .args(["-o", options])
            .arg(&self.0)
            .status()
            .unwrap();
        assert!(done.success());
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        // What stays mounted stays in a temporary folder.
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_leaves_nothing_half_added() {
    let place = Place::new();
    let Some(_small) = Small::mount(place.path("small"), "size=2m") else {
        return;
    };
    place.ok("en", &["init", "small/p"]);
    let rows: String = (0..200_000_u64)
        .map(|n| format!("{n},{}\n", n.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
        .collect();
    place.write("large.csv", &format!("a,b\n{rows}"));
    place.write("little.csv", "a,b\n1,2\n");
    expect![[r#"
        [zh 1]
        错误：无法写入 `small/p/.jinsheng/tmp/ready/t0000.parquet`：磁盘已满
        提示：腾出空间后重试；没有留下半成品
        [en 1]
        error: failed to write `small/p/.jinsheng/tmp/ready/t0000.parquet`: the disk is full
        hint: free some space and try again; nothing half-done was left
    "#]]
    .assert_eq(&place.both(&["--project", "small/p", "data", "add", "large.csv"]));
    let list = place.json("en", &["--project", "small/p", "data", "list"]);
    assert_eq!(list["sources"], serde_json::json!([]));
    place.ok("en", &["--project", "small/p", "data", "add", "little.csv"]);
    let found = place.run("en", &["init", "small/d", "--demo"]);
    assert_eq!(found.code, 1, "{}", found.stderr);
    assert!(found.stderr.contains("the disk is full"), "{}", found.stderr);
    assert_eq!(fs::read_dir(place.path("small")).unwrap().count(), 1);
}

#[test]
fn a_project_that_may_only_be_read_still_answers() {
    let place = Place::new();
    let Some(small) = Small::mount(place.path("small"), "size=4m") else {
        return;
    };
    let shop = Place::shop();
    let copied = Command::new("cp")
        .arg("-r")
        .arg(shop.path(""))
        .arg(place.path("small/p"))
        .status()
        .unwrap();
    assert!(copied.success());
    small.remount("remount,ro");
    place.ok(
        "en",
        &["--project", "small/p", "query", "sales by shop at 2025-08"],
    );
    place.ok("en", &["--project", "small/p", "data", "list"]);
    place.write("little.csv", "a,b\n1,2\n");
    expect![[r#"
        [zh 1]
        错误：无法写入 `small/p/.jinsheng/import.lock`：没有写权限
        提示：换一个可写的项目文件夹，或修改权限
        [en 1]
        error: failed to write `small/p/.jinsheng/import.lock`: it may not be written
        hint: use a project folder that may be written, or change its permissions
    "#]]
    .assert_eq(&place.both(&["--project", "small/p", "data", "add", "little.csv"]));
    expect![[r#"
        [zh 1]
        错误：无法写入 `small/p/catalog/unsure.md`：文件系统只读
        提示：检查该路径的权限
        [en 1]
        error: failed to write `small/p/catalog/unsure.md`: the file system is read-only
        hint: check the rights of that path
    "#]]
    .assert_eq(&place.both(&["--project", "small/p", "catalog", "infer"]));
    expect![[r#"
        [zh 1]
        错误：无法写入 `[DIR]/small/q`：文件系统只读
        提示：检查该路径的权限
        [en 1]
        error: failed to write `[DIR]/small/q`: the file system is read-only
        hint: check the rights of that path
    "#]]
    .assert_eq(&place.both(&["init", "small/q"]));
}

#[test]
fn output_that_cannot_be_written_is_an_error() {
    let place = Place::shop();
    let Ok(full) = fs::File::options().write(true).open("/dev/full") else {
        eprintln!("skipped: there is no /dev/full");
        return;
    };
    let mut command = place.command("en", &["data", "list"]);
    command.stdout(full);
    let mut command_output = command;
    let output = command_output
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    expect![[r#"
        error: failed to write to standard output: the disk is full
    "#]]
    .assert_eq(&String::from_utf8(output.stderr).unwrap());
    let _ = run(place.command("en", &["data", "list"]));
}
