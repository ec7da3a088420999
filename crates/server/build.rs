//! Says what to do when the web page, which the program carries inside, has not been built.

fn main() {
    let page = "../../web/dist/index.html";
    println!("cargo:rerun-if-changed=../../web/dist");
    assert!(
        std::path::Path::new(page).exists(),
        "\n\nThe web page is not built yet. Run `make web` (needs Node.js), then build again.\n\n"
    );
}
