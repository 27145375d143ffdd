//! Killed at any point, an import leaves the project as it was before or as it is after.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use jinsheng_data::{AddOptions, Progress, Stage, Warehouse};

use crate::support::Project;

const CHILD: &str = "JINSHENG_DATA_TEST_CHILD";

/// Dies without warning when the import comes to a stage, or after so many reports of rows.
struct Dying {
    stage: Option<Stage>,
    reports: Option<u64>,
}

impl Progress for Dying {
    fn rows(&mut self, _: &str, _: u64, _: Option<u64>) {
        if let Some(left) = &mut self.reports {
            *left = left.saturating_sub(1);
            if *left == 0 {
                die();
            }
        }
    }

    fn cancelled(&self) -> bool {
        false
    }

    fn stage(&mut self, stage: Stage) {
        if self.stage == Some(stage) {
            die();
        }
    }
}

fn die() -> ! {
    let me = std::process::id().to_string();
    let _ = Command::new("kill").args(["-9", &me]).status();
    std::process::abort()
}

const STAGES: [Stage; 6] = [
    Stage::Look,
    Stage::Survey,
    Stage::Write,
    Stage::Place,
    Stage::Record,
    Stage::Clean,
];

/// Not a test of its own: the process that is killed.
#[test]
fn child() {
    let Ok(order) = std::env::var(CHILD) else { return };
    let mut parts = order.split('|');
    let (state, file, how) = (
        parts.next().unwrap(),
        parts.next().unwrap(),
        parts.next().unwrap(),
    );
    let mut dying = Dying {
        stage: None,
        reports: None,
    };
    match how.split_once(':') {
        Some(("stage", index)) => dying.stage = STAGES.get(index.parse::<usize>().unwrap()).copied(),
        Some(("reports", count)) => dying.reports = Some(count.parse().unwrap()),
        _ => {}
    }
    let mut warehouse = Warehouse::open(Path::new(state)).unwrap();
    warehouse
        .add(Path::new(file), &AddOptions::default(), &mut dying)
        .unwrap();
}

fn spawn(project: &Project, file: &Path, how: &str) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "durability::child", "--nocapture"])
        .env(
            CHILD,
            format!("{}|{}|{how}", project.state().display(), file.display()),
        )
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Opens the project after a kill: it has the old version or the new one, whole, and no leftovers.
fn assert_sound(project: &Project, old: Option<u64>, new: u64) -> u64 {
    let warehouse = Warehouse::open(&project.state()).unwrap();
    let files = project.state_files();
    match warehouse.table("t") {
        None => {
            assert_eq!(old, None, "the old version is lost");
            assert_eq!(files, Vec::<String>::new());
            0
        }
        Some(table) => {
            assert!(
                table.rows == new || Some(table.rows) == old,
                "{} rows",
                table.rows
            );
            assert_eq!(crate::support::rows(&warehouse, "t").len() as u64, table.rows);
            assert_eq!(files.len(), 1, "{files:?}");
            table.rows
        }
    }
}

fn csv(rows: u64) -> String {
    "code,value\n".to_owned()
        + &(0..rows)
            .map(|row| format!("{row:06},{}.25\n", row * 31))
            .collect::<String>()
}

#[test]
fn killed_at_every_stage() {
    for before in [None, Some(3)] {
        for (index, stage) in STAGES.iter().enumerate() {
            let mut project = Project::new();
            if let Some(rows) = before {
                let path = project.file("t.csv", csv(rows));
                project.add(&path).unwrap();
            }
            let path = project.file("t.csv", csv(2000));
            let status = spawn(&project, &path, &format!("stage:{index}")).wait().unwrap();
            assert!(!status.success(), "{stage:?} was reached");
            let rows = assert_sound(&project, before, 2000);
            let expected = if *stage == Stage::Clean {
                2000
            } else {
                before.unwrap_or(0)
            };
            assert_eq!(rows, expected, "{stage:?}");
            // And the import can be done again.
            let mut warehouse = Warehouse::open(&project.state()).unwrap();
            warehouse
                .add(&path, &AddOptions::default(), &mut jinsheng_data::NoProgress)
                .unwrap();
            assert_sound(&project, None, 2000);
        }
    }
}

#[test]
fn killed_at_any_time() {
    const ROWS: u64 = 150_000;
    let mut project = Project::new();
    let path = project.file("t.csv", csv(3));
    project.add(&path).unwrap();
    let path = project.file("t.csv", csv(ROWS));
    for delay in [1_u64, 5, 10, 20, 35, 50, 75, 100, 150, 200, 300] {
        let mut child = spawn(&project, &path, "");
        std::thread::sleep(Duration::from_millis(delay));
        let _ = child.kill();
        child.wait().unwrap();
        if assert_sound(&project, Some(3), ROWS) == ROWS {
            break;
        }
    }
    let status = spawn(&project, &path, "reports:1").wait().unwrap();
    assert!(status.success() || assert_sound(&project, Some(3), ROWS) == 3);
}

/// Dies at a stage, after a table was altered.
#[test]
fn killed_while_it_restores() {
    for (index, stage) in STAGES.iter().enumerate() {
        if *stage == Stage::Survey {
            continue;
        }
        let mut project = Project::new();
        let path = project.file("t.csv", csv(2000));
        project.add(&path).unwrap();
        let stored = project.warehouse.stored(project.warehouse.table("t").unwrap());
        std::fs::write(stored.path(), "altered").unwrap();
        let status = spawn(&project, &path, &format!("stage:{index}")).wait().unwrap();
        assert!(!status.success(), "{stage:?} was reached");
        let warehouse = Warehouse::open(&project.state()).unwrap();
        let table = warehouse.table("t").unwrap();
        let restored = warehouse.stored(table).verify().is_ok();
        assert_eq!(restored, *stage == Stage::Clean, "{stage:?}");
        assert!(warehouse.stored(table).path().exists(), "{stage:?}");
        if !restored {
            // Not one moment without a file: what was altered stays until the manifest names another.
            let bytes = std::fs::read(warehouse.stored(table).path()).unwrap();
            assert_eq!(bytes, b"altered", "{stage:?}");
        }
        // Restored by the next import, and the time after that again.
        for _ in 0..2 {
            let mut warehouse = Warehouse::open(&project.state()).unwrap();
            warehouse
                .add(&path, &AddOptions::default(), &mut jinsheng_data::NoProgress)
                .unwrap();
            assert_sound(&project, None, 2000);
            let stored = warehouse.stored(warehouse.table("t").unwrap());
            std::fs::write(stored.path(), "altered").unwrap();
        }
    }
}
