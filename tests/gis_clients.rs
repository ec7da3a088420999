//! Other people's programs with a token: partners' data with it, the public form without it.

use std::process::{Command, Stdio};

use crate::harness::{Programme, Server};

/// What `ogrinfo` says of a collection, in somebody's name; `None`, said aloud, where it is not installed.
fn ogrinfo(server: &Server, settings: &[(&str, &str)]) -> Option<String> {
    let address = format!("OAPIF:{}/ogc", server.url);
    let output = Command::new("ogrinfo")
        .args(["-al", "-q", &address, "hazardous-areas"])
        .envs(settings.iter().copied())
        .stdin(Stdio::null())
        .output();
    let Ok(output) = output else {
        eprintln!("skipped: ogrinfo is not on this machine");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn a_partners_token_shows_partner_data_in_gdal_and_without_it_the_public_form() {
    let programme = Programme::with_demo(200);
    programme.account("head", "administrator");
    programme.account("gis", "partner");
    let token = programme.user(
        &["token", "gis", "--name", "QGIS", "--access", "read", "--levels", "partners", "--days", "30"],
        "",
    );
    let token = token.stdout.lines().last().unwrap().to_owned();
    let server = programme.serve();
    let bearer = format!("Bearer {token}");
    let header = format!("Authorization: {bearer}");
    let Some(partner) = ogrinfo(&server, &[("GDAL_HTTP_HEADERS", &header)]) else { return };
    let as_password = format!("gis:{token}");
    let basic =
        ogrinfo(&server, &[("GDAL_HTTP_AUTH", "BASIC"), ("GDAL_HTTP_USERPWD", &as_password)]).unwrap();
    let public = ogrinfo(&server, &[]).unwrap();
    let features = |text: &str| text.matches("OGRFeature(").count();
    let names = |text: &str| text.matches("Synthetic hazardous area").count();
    assert!(features(&public) > 50 && features(&public) == features(&partner), "nobody misses a hazard");
    assert_eq!(features(&basic), features(&partner));
    assert_eq!(names(&basic), names(&partner));
    assert!(!public.contains("Synthetic hazardous area") && public.contains("public_form (String) = cells"));
    // Restricted ones are shown to a partner by their public form, all others as they are. GDAL takes the columns from
    // the first features, so which are forms is asked of the server.
    let exact = partner.matches("  name (String) = Synthetic hazardous area").count();
    let page = server.ask("/ogc/collections/hazardous-areas/items?limit=1000", &[("authorization", &bearer)]);
    let page = page.json();
    let forms = page["features"].as_array().unwrap().iter();
    let forms = forms.filter(|feature| feature["properties"]["public_form"] == "cells").count();
    assert!(exact > 0 && forms > 0 && exact + forms == features(&partner), "{exact} {forms}");
    server.stop();
}
