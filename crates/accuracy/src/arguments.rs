//! Arguments and environment.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::error::{AccuracyError, Outcome};
use crate::project::Jinsheng;
use crate::sets::{Places, Set, Source};
use crate::tally::Half;

/// More processes than processors do not make it faster.
const MOST_JOBS: usize = 64;

#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) sets: Vec<Set>,
    pub(crate) half: Option<Half>,
    pub(crate) json: bool,
    pub(crate) verbose: bool,
    pub(crate) jobs: usize,
    pub(crate) rehearse: bool,
    pub(crate) floor: bool,
    pub(crate) jinsheng: Jinsheng,
    pub(crate) places: Places,
}

type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

impl Arguments {
    pub(crate) fn read(words: &[String], environment: Environment<'_>) -> Outcome<Self> {
        let places = places(environment);
        let known = places.sets();
        let program = environment("JINSHENG_BIN").map(PathBuf::from);
        let mut jinsheng = program.unwrap_or_else(beside);
        let jobs = std::thread::available_parallelism().map_or(1, usize::from);
        let mut found = Self {
            sets: Vec::new(),
            half: None,
            json: false,
            verbose: false,
            jobs,
            rehearse: false,
            floor: false,
            jinsheng: Jinsheng { path: PathBuf::new() },
            places,
        };
        let usage = |text: &str| AccuracyError::Usage(text.to_owned());
        let mut words = words.iter().map(String::as_str);
        while let Some(word) = words.next() {
            match word {
                "--json" => found.json = true,
                "--verbose" => found.verbose = true,
                "--rehearse" => found.rehearse = true,
                "--floor" => found.floor = true,
                "--half" => {
                    found.half = Some(match words.next() {
                        Some("dev") => Half::Dev,
                        Some("test") => Half::Test,
                        _ => return Err(usage("`--half` needs `dev` or `test`")),
                    });
                }
                "--jobs" => {
                    let jobs = words.next().and_then(|jobs| jobs.parse().ok());
                    let jobs = jobs.filter(|jobs| (1..=MOST_JOBS).contains(jobs));
                    found.jobs = jobs.ok_or_else(|| usage("`--jobs` needs a number from 1 to 64"))?;
                }
                "--jinsheng" => {
                    let path = words
                        .next()
                        .ok_or_else(|| usage("`--jinsheng` needs a program"))?;
                    jinsheng = PathBuf::from(path);
                }
                name => match known.iter().find(|set| set.name == name) {
                    Some(set) => found.sets.push(*set),
                    None => return Err(usage(&unknown(name, &known))),
                },
            }
        }
        if found.sets.is_empty() {
            found.sets = known;
        }
        let real = found.sets.iter().any(|set| set.project.source != Source::Demo);
        if real && !found.places.data.is_dir() {
            let data = found.places.data.display();
            return Err(usage(&format!(
                "the folder of real data `{data}` is missing: name the folder above it with JINSHENG_SHARED, or ask `demo_zh demo_en` only"
            )));
        }
        let there = jinsheng.canonicalize();
        found.jinsheng.path = there.map_err(AccuracyError::file("find the program", &jinsheng))?;
        Ok(found)
    }
}

fn unknown(name: &str, known: &[Set]) -> String {
    let names: Vec<&str> = known.iter().map(|set| set.name).collect();
    format!("`{name}` is no option and no set; sets are {}", names.join(", "))
}

/// The program that was built together with this one.
fn beside() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    own.with_file_name(format!("jinsheng{}", std::env::consts::EXE_SUFFIX))
}

fn places(environment: Environment<'_>) -> Places {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = own.ancestors().nth(2).unwrap_or(own);
    let folder = |name: &str, other: PathBuf| environment(name).map_or(other, PathBuf::from);
    Places {
        gold: root.join("tests/accuracy"),
        data: folder("JINSHENG_SHARED", root.with_file_name("shared")).join("data"),
        cache: folder(
            "JINSHENG_ACCURACY_DIR",
            std::env::temp_dir().join("jinsheng-accuracy"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str) -> Outcome<Arguments> {
        let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        // Any file will do for a program that is not run.
        let own = std::env::current_exe().unwrap();
        Arguments::read(&words, &move |name| {
            (name == "JINSHENG_BIN").then(|| own.clone().into_os_string())
        })
    }

    #[test]
    fn sets_and_options_stand_in_any_order() {
        let found = read("--half dev tcm_b1 --json --jobs 3 finglm").unwrap();
        let names: Vec<&str> = found.sets.iter().map(|set| set.name).collect();
        assert_eq!(names, ["tcm_b1", "finglm"]);
        assert_eq!((found.half, found.jobs, found.json), (Some(Half::Dev), 3, true));
        assert!(read("").unwrap().sets.len() >= 5);
    }

    #[test]
    fn what_is_not_known_is_refused_with_what_is() {
        let error = read("tcm_b7").unwrap_err().to_string();
        assert!(error.contains("tcm_b1, tcm_b2"), "{error}");
        for words in ["--half both", "--jobs 0", "--jobs x", "--jinsheng"] {
            assert!(read(words).is_err(), "{words}");
        }
    }
}
