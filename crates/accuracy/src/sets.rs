//! The sets that there are: where their gold, data and questions lie, and which share of them must be right.

use std::path::PathBuf;

/// Folders that a run reads and writes.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// `tests/accuracy` of the repository.
    pub(crate) gold: PathBuf,
    /// `data` of the shared folder.
    pub(crate) data: PathBuf,
    /// Projects and databases between runs; outside the repository.
    pub(crate) cache: PathBuf,
}

/// Data that a project is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Source {
    Tcm,
    Finglm,
    Demo,
}

/// A project to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Project {
    pub(crate) source: Source,
    /// With the catalog that a person has reviewed, in place of the inferred one.
    pub(crate) reviewed: bool,
}

impl Project {
    pub(crate) fn name(self) -> &'static str {
        match (self.source, self.reviewed) {
            (Source::Tcm, false) => "tcm",
            (Source::Tcm, true) => "tcm_reviewed",
            (Source::Finglm, _) => "finglm",
            (Source::Demo, _) => "demo",
        }
    }
}

/// Questions with gold, asked of one project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Set {
    /// As in arguments and reports.
    pub(crate) name: &'static str,
    /// Name of the gold's file.
    pub(crate) gold: &'static str,
    pub(crate) project: Project,
    /// Sets of one group must together reach its thresholds.
    pub(crate) group: &'static str,
}

/// What a group must reach, in per cent of its turns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Threshold {
    pub(crate) group: &'static str,
    pub(crate) correct_at_least: f64,
    pub(crate) wrong_at_most: f64,
}

/// A group's test half may be so many points under its dev half; further apart, somebody has learned the dev half by heart.
pub(crate) const MOST_POINTS_UNDER_DEV: f64 = 4.0;

pub(crate) const THRESHOLDS: [Threshold; 5] = [
    threshold("B1+B2 inferred", 85.0, 2.0),
    threshold("B1+B2 reviewed", 93.0, 1.0),
    threshold("own statements", 85.0, 2.0),
    threshold("FinGLM", 95.0, 1.0),
    threshold("demo", 90.0, 2.0),
];

const fn threshold(group: &'static str, correct_at_least: f64, wrong_at_most: f64) -> Threshold {
    Threshold {
        group,
        correct_at_least,
        wrong_at_most,
    }
}

const INFERRED: Project = project(Source::Tcm, false);
const REVIEWED: Project = project(Source::Tcm, true);
const FINGLM: Project = project(Source::Finglm, false);
const DEMO: Project = project(Source::Demo, false);

const fn project(source: Source, reviewed: bool) -> Project {
    Project { source, reviewed }
}

const SETS: [Set; 8] = [
    set("tcm_b1", "tcm_b1", INFERRED, "B1+B2 inferred"),
    set("tcm_b2", "tcm_b2", INFERRED, "B1+B2 inferred"),
    set("tcm_b1_reviewed", "tcm_b1", REVIEWED, "B1+B2 reviewed"),
    set("tcm_b2_reviewed", "tcm_b2", REVIEWED, "B1+B2 reviewed"),
    set("tcm_own", "tcm_own", INFERRED, "own statements"),
    set("finglm", "finglm", FINGLM, "FinGLM"),
    set("demo_zh", "demo_zh", DEMO, "demo"),
    set("demo_en", "demo_en", DEMO, "demo"),
];

const fn set(name: &'static str, gold: &'static str, project: Project, group: &'static str) -> Set {
    Set {
        name,
        gold,
        project,
        group,
    }
}

impl Places {
    /// The catalog of `tcm` that a person has reviewed.
    pub(crate) fn reviewed(&self) -> PathBuf {
        self.gold.join("catalogs").join("tcm")
    }

    /// All sets that can be asked: those of the reviewed catalog only where there is one.
    pub(crate) fn sets(&self) -> Vec<Set> {
        let reviewed = self.reviewed().is_dir();
        let there = SETS.into_iter();
        there.filter(|set| reviewed || !set.project.reviewed).collect()
    }
}
