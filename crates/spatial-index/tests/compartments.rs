//! What somebody may not see changes nothing of what is answered; what everybody sees covers what is there.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use access::{Caller, Form, Grant, Level, Publication, Role, Scope, Secret};
use common::*;
use geo::{Contains, Distance, Geodesic, Validation};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Point, Polygon, Rect};
use jiff::Timestamp;
use model::{Action, Bounds, Collection, RecordId};
use proptest::prelude::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use spatial_index::{Arrival, Drawn, Layer, Row, Snapshot, View, covering_cells, public_form};

fn policy() -> Publication {
    Publication::cautious(Secret::new([3; 32]))
}

/// A record as the tests enter it.
#[derive(Debug, Clone)]
struct Entered {
    number: u128,
    collection: Collection,
    level: &'static str,
    owner: &'static str,
    place: (i32, i32),
    text: String,
    kind: u8,
}

const COLLECTIONS: [Collection; 4] =
    [Collection::HazardousAreas, Collection::HazardReports, Collection::Surveys, Collection::LandReleases];

fn entered() -> impl Strategy<Value = Entered> {
    let levels = prop::sample::select(vec!["public", "partners", "restricted", "unheard of"]);
    let owners = prop::sample::select(vec!["dsns", "halo", "fsd"]);
    let place = (0..40_i32, 0..40_i32);
    (0..12_u128, 0..4_usize, levels, owners, place, "[a-z]{3,8}", 0..10_u8).prop_map(
        |(number, which, level, owner, place, text, kind)| {
            let collection = COLLECTIONS[which];
            Entered { number: number * 4 + which as u128, collection, level, owner, place, text, kind }
        },
    )
}

fn entry(revision: u64, of: &Entered, policy: &Publication) -> Arrival {
    let Entered { number, collection, level, owner, place: (x, y), text, kind } = of;
    let withdrawn = *kind == 9;
    let properties = format!(
        r#"{{"name":"{text}","description":"{text}","organisation":"{owner}","classification":"suspected",
            "status":"open","kind":"item_seen","triage":"new","reporter":"{text}","sharing":"{level}",
            "review":"unverified","withdrawn":{withdrawn}}}"#
    );
    let (west, south) = (36.0 + f64::from(*x) / 400.0, 49.0 + f64::from(*y) / 400.0);
    let shape: Geometry<f64> = Rect::new((west, south), (west + 0.004, south + 0.003)).to_polygon().into();
    let shape = (*kind != 8).then_some(shape);
    let id = RecordId::from_u128(*number);
    let row = Row::new(id, *collection, shape.as_ref(), &properties, made(revision)).unwrap();
    let action = match kind {
        7 => Action::Proposal { based_on: 0, effects: vec!["shrinks".to_owned()] },
        _ => Action::Version,
    };
    let form = action.takes_effect().then(|| public_form(&row, policy).unwrap());
    let entry = Arrival::new(Arc::new(row), action);
    match form {
        Some(form) => entry.published(policy.public_id(id), form),
        None => entry,
    }
}

fn register(all: &[Entered], policy: &Publication) -> Snapshot {
    let mut snapshot = Snapshot::empty("epoch", "public epoch");
    for (index, of) in all.iter().enumerate() {
        let revision = index as u64 + 1;
        let time = Timestamp::from_second(revision as i64).unwrap();
        snapshot = snapshot.with(revision, time, vec![entry(revision, of, policy)]);
    }
    snapshot
}

/// Everything that can be told through a view but when it was recorded: the clock of the tests is the log's length.
fn told(view: &View) -> Vec<String> {
    let row = |row: &Arc<Row>| {
        format!(
            "{} {} {:?} {} {:?} {:?}",
            row.id,
            row.revision,
            row.geometry(),
            row.properties(),
            row.name(),
            row.bounds()
        )
    };
    let rows = |rows: Vec<&Arc<Row>>| rows.into_iter().map(row).collect::<Vec<_>>().join("\n");
    let west = Bounds { west: 36.0, south: 48.0, east: 36.05, north: 50.0 };
    let near = view.near(Coord { x: 36.05, y: 49.05 }, 5_000.0, 50).hits;
    let mut told = vec![
        format!("{} {} {}", view.epoch(), view.revision(), view.is_past()),
        rows(near.iter().map(|hit| &hit.row).collect()),
        rows(view.touching(Layer::Hazards, &west).iter().map(|placed| placed.row()).collect()),
        format!("{:?}", view.summary()),
        format!(
            "{:?}",
            view.events_after(0).map(|e| (e.row.id, e.row.revision, e.row.has_left())).collect::<Vec<_>>()
        ),
        format!("{:?}", view.proposals().iter().map(|p| p.number()).collect::<Vec<_>>()),
        format!("{:?}", view.list_findings(&spatial_index::Wanted::default(), 0, 100).counts),
    ];
    told.extend(COLLECTIONS.map(|collection| rows(view.items(collection).collect())));
    told.extend(
        COLLECTIONS.map(|collection| rows(view.items_in_bbox(collection, [36.0, 49.0, 36.04, 49.04]))),
    );
    told.extend((0..48).map(|n| view.history(RecordId::from_u128(n)).len().to_string()));
    told
}

fn scope_of(role: Role, organisation: Option<&str>) -> Scope {
    let grant = Grant { role, organisation: organisation.map(str::to_owned), area: None };
    Caller::signed_in("somebody", "Somebody", vec![grant], false).scope()
}

/// A policy by which nothing is shown of what is not public.
fn hiding() -> Publication {
    COLLECTIONS.into_iter().fold(policy(), |policy, collection| {
        [Level::Partners, Level::Restricted].into_iter().fold(policy, |policy, level| {
            policy.with_rule((collection, level), Some(Form::Hidden), None).unwrap()
        })
    })
}

proptest! {
    #[test]
    fn two_worlds_that_differ_in_what_is_hidden_are_one_to_the_public(
        public in prop::collection::vec(entered(), 1..12),
        one in prop::collection::vec(entered(), 0..12),
        other in prop::collection::vec(entered(), 0..12),
    ) {
        let world = |hidden: &[Entered]| {
            let hidden = hidden.iter().cloned().map(|of| Entered {
                // Records of their own that were never shared with everybody.
                number: of.number + 100,
                level: if of.level == "public" { "restricted" } else { of.level },
                ..of
            });
            // Some before, some between, some after.
            let mut all: Vec<Entered> = Vec::new();
            let mut hidden = hidden.peekable();
            for of in &public {
                all.extend(hidden.by_ref().take(1));
                all.push(of.clone());
            }
            all.extend(hidden);
            all
        };
        let policy = hiding();
        let seen = |hidden: &[Entered]| told(&register(&world(hidden), &policy).open(&Caller::public().scope()));
        prop_assert_eq!(seen(&one), seen(&other));
    }

    #[test]
    fn what_is_hidden_of_a_record_that_is_shown_as_cells_is_not_told_by_them(
        all in prop::collection::vec(entered(), 1..20), texts in prop::collection::vec("[a-z]{3,8}", 20),
    ) {
        let restricted = |of: &Entered| Entered { level: "restricted", ..of.clone() };
        let world: Vec<_> = all.iter().map(restricted).collect();
        // Other names, descriptions, reporters, organisations; and a corner that lies within the same cell.
        let renamed: Vec<_> = world.iter().zip(texts).map(|(of, text)| Entered { text, owner: "fsd", ..of.clone() }).collect();
        let seen = |world: &[Entered]| told(&register(world, &policy()).open(&Caller::public().scope()));
        prop_assert_eq!(seen(&world), seen(&renamed));
    }

    #[test]
    fn a_partner_and_another_organisation_see_no_restricted_record_as_it_is(all in prop::collection::vec(entered(), 1..30)) {
        let snapshot = register(&all, &policy());
        for (scope, own) in [
            (scope_of(Role::Partner, None), None),
            (scope_of(Role::Approver, Some("dsns")), Some("dsns")),
            (scope_of(Role::DataEntry, Some("halo")), Some("halo")),
        ] {
            let view = snapshot.open(&scope);
            for row in COLLECTIONS.into_iter().flat_map(|collection| view.items(collection)) {
                let is_open = row.level() != Level::Restricted || (own.is_some() && row.owner() == own);
                prop_assert!(row.form().is_some() || is_open, "{row:?}");
                let is_report = row.collection() == Collection::HazardReports;
                prop_assert!(!(is_report && row.properties().contains("reporter")));
            }
        }
    }

    #[test]
    fn nobody_misses_a_hazard_and_nobody_sees_it_twice(all in prop::collection::vec(entered(), 1..30)) {
        let (policy, snapshot) = (policy(), register(&all, &policy()));
        let whole = snapshot.open(&Scope::whole());
        let scopes = [
            Caller::public().scope(), scope_of(Role::Partner, None), scope_of(Role::Verifier, Some("fsd")), Scope::whole(),
        ];
        for scope in scopes {
            let view = snapshot.open(&scope);
            for row in [Collection::HazardousAreas, Collection::HazardReports].into_iter().flat_map(|c| whole.items(c)) {
                let seen = [row.id, policy.public_id(row.id)].into_iter().filter(|id| view.by_id(*id).is_some());
                prop_assert_eq!(seen.count(), 1, "{:?} {:?}", scope, row);
            }
        }
    }

    #[test]
    fn whoever_follows_the_changes_ends_with_what_the_lists_hold(all in prop::collection::vec(entered(), 1..40)) {
        let snapshot = register(&all, &policy());
        let scopes = [
            Caller::public().scope(), scope_of(Role::Partner, None), scope_of(Role::Approver, Some("dsns")),
            scope_of(Role::DataEntry, Some("halo")), Scope::whole(),
        ];
        for scope in scopes {
            let view = snapshot.open(&scope);
            let mut followed = std::collections::BTreeMap::new();
            for entry in view.events_after(0).filter(|entry| entry.action().takes_effect()) {
                match entry.row.is_withdrawn() {
                    true => drop(followed.remove(&entry.row.id)),
                    false => drop(followed.insert(entry.row.id, entry.row.revision)),
                }
            }
            let rows = COLLECTIONS.into_iter().flat_map(|collection| view.items(collection));
            let held: std::collections::BTreeMap<_, _> = rows.map(|row| (row.id, row.revision)).collect();
            prop_assert_eq!(followed, held, "{:?}", scope);
            for id in view.events_after(0).map(|entry| entry.row.id) {
                prop_assert!(view.history(id).iter().all(|entry| entry.row.id == id && !entry.row.has_left()));
                let revisions = 1..=view.revision();
                prop_assert!(revisions.filter_map(|r| view.known_at(r)?.version(id).map(|row| row.id)).all(|of| of == id));
            }
        }
    }

    #[test]
    fn the_public_form_is_the_same_however_it_came_to_be(all in prop::collection::vec(entered(), 1..30)) {
        let (policy, grown) = (policy(), register(&all, &policy()));
        let entries: Vec<_> = all.iter().enumerate().map(|(i, of)| entry(i as u64 + 1, of, &policy)).collect();
        let frozen = Snapshot::freeze(("epoch", "public epoch"), all.len() as u64, None, entries);
        for scope in [Caller::public().scope(), scope_of(Role::Partner, None), scope_of(Role::Approver, Some("halo"))] {
            prop_assert_eq!(told(&grown.open(&scope)), told(&frozen.open(&scope)));
        }
    }
}

fn multi(geometry: Geometry<f64>) -> MultiPolygon<f64> {
    match geometry {
        Geometry::MultiPolygon(polygons) => polygons,
        other => panic!("{other:?}"),
    }
}

fn holds(cells: &MultiPolygon<f64>, place: Coord<f64>) -> bool {
    // On a line of the grid is inside: rounding is smaller than a tenth of a micro-degree.
    cells.contains(&place) || Distance::distance(&geo::Euclidean, cells, &Point(place)) < 1e-7
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn cells_cover_the_shape_and_its_position_error(
        seed: u64, lon in -179.9..179.9_f64, lat in -85.0..85.0_f64, radius in 0.0005..0.05_f64,
        accuracy_m in prop_oneof![Just(0.0), 1.0..3_000.0_f64], cell_m in prop::sample::select(vec![100.0, 1_000.0, 5_000.0]),
    ) {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let centre = Coord { x: lon, y: lat };
        let star = star(&mut random, centre, radius, 9);
        // A star may reach over the 180th meridian: a record there is entered in two parts.
        prop_assume!(star.exterior().coords().all(|c| c.x.abs() <= 180.0));
        let drawn = Drawn::covering(&star.clone().into());
        let cells = multi(covering_cells(&drawn, accuracy_m, cell_m));
        prop_assert!(cells.is_valid(), "{:?}", cells);
        for _ in 0..60 {
            let ring: Vec<Coord<f64>> = star.exterior().coords().copied().collect();
            let side = random.random_range(0..ring.len() - 1);
            let t: f64 = random.random_range(0.0..1.0);
            let on = ring[side] + (ring[side + 1] - ring[side]) * t;
            prop_assert!(holds(&cells, on), "{on:?}");
            let toward = geo::Destination::destination(&Geodesic, Point(on), random.random_range(0.0..360.0), accuracy_m * 0.999);
            let toward = Coord { x: (toward.x() + 540.0).rem_euclid(360.0) - 180.0, y: toward.y() };
            prop_assert!(holds(&cells, toward), "{toward:?} {accuracy_m}");
        }
    }

    #[test]
    fn cells_tell_only_in_which_cells_a_shape_lies(seed: u64, west in 0.02..0.9_f64, south in 0.02..0.9_f64) {
        // Two shapes within one cell of the grid are shown alike. The cell is found by asking for a point of it.
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let point = |x: f64, y: f64| Drawn::covering(&Point::new(x, y).into());
        let cell = multi(covering_cells(&point(36.0 + west, 49.0 + south), 0.0, 1_000.0));
        let bounds = geo::BoundingRect::bounding_rect(&cell).unwrap();
        prop_assume!(bounds.width() < 0.016 && bounds.height() < 0.010); // not on a line between two
        let mut inside = || Coord {
            x: random.random_range(bounds.min().x + 1e-6..bounds.max().x - 1e-6),
            y: random.random_range(bounds.min().y + 1e-6..bounds.max().y - 1e-6),
        };
        let triangle = Polygon::new(LineString(vec![inside(), inside(), inside()]), vec![]);
        let shown = multi(covering_cells(&Drawn::covering(&triangle.into()), 0.0, 1_000.0));
        prop_assert_eq!(shown, cell);
    }
}

#[test]
fn a_very_large_shape_is_covered_by_larger_cells_and_not_by_fewer() {
    let country = Rect::new((22.0, 44.0), (40.0, 52.0)).to_polygon();
    let cells = multi(covering_cells(&Drawn::covering(&country.clone().into()), 0.0, 1_000.0));
    assert!(country.exterior().coords().all(|c| holds(&cells, *c)));
    assert!(holds(&cells, Coord { x: 30.123, y: 48.456 }));
}

#[test]
fn the_whole_world_is_covered_by_cells_that_can_be_counted() {
    for rect in
        [((-180.0, -90.0), (180.0, 90.0)), ((-180.0, -89.0), (180.0, 1.0)), ((10.0, -89.9), (170.0, -0.1))]
    {
        let world = Rect::new(rect.0, rect.1).to_polygon();
        let drawn = Drawn::covering(&world.clone().into());
        let began = std::time::Instant::now();
        let cells = multi(covering_cells(&drawn, 0.0, 100.0));
        // Millions of cells, which a shape of the southern half once took, are minutes.
        assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
        assert!(world.exterior().coords().all(|c| holds(&cells, *c)));
    }
}

#[test]
fn cells_at_the_poles_and_at_the_180th_meridian_cover_their_places() {
    for (x, y) in [(180.0, 0.0), (-180.0, 10.0), (12.0, 90.0), (0.0, -90.0), (179.9999, 65.0)] {
        for accuracy_m in [0.0, 500.0] {
            let drawn = Drawn::covering(&Point::new(x, y).into());
            let cells = multi(covering_cells(&drawn, accuracy_m, 1_000.0));
            assert!(holds(&cells, Coord { x, y }), "{x} {y} {cells:?}");
        }
    }
    let east = Drawn::covering(&Point::new(179.9999, 0.0).into());
    assert!(holds(&multi(covering_cells(&east, 500.0, 1_000.0)), Coord { x: -179.999, y: 0.0 }));
}

#[test]
fn personal_data_is_read_only_by_those_who_verify_reports_of_the_organisation() {
    let report = Entered {
        number: 1,
        collection: Collection::HazardReports,
        level: "partners",
        owner: "dsns",
        place: (0, 0),
        text: "olena".to_owned(),
        kind: 0,
    };
    let snapshot = register(&[report], &policy());
    let reads = |scope: &Scope| {
        let view = snapshot.open(scope);
        let row = Arc::clone(view.items(Collection::HazardReports).next().unwrap());
        view.personal(&row).is_some()
    };
    assert!(reads(&scope_of(Role::Verifier, Some("dsns"))) && reads(&scope_of(Role::Approver, None)));
    assert!(
        !reads(&scope_of(Role::Verifier, Some("halo"))) && !reads(&scope_of(Role::DataEntry, Some("dsns")))
    );
    assert!(!reads(&scope_of(Role::Partner, None)) && !reads(&Caller::public().scope()));
}
