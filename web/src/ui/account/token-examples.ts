// What is typed into other programs to ask with a token. Other users of a machine can read the command lines of
// programs, but not their environment, so the token goes there.

export interface Examples {
  qgis: string;
  ogrinfo: string;
  curl: string;
}

/** `origin` is the address of the register, without a path. */
export function examplesFor(origin: string, token: string): Examples {
  return {
    qgis: `${origin}/ogc`,
    ogrinfo: `export GDAL_HTTP_HEADERS='Authorization: Bearer ${token}'\nogrinfo -so OAPIF:${origin}/ogc hazardous-areas`,
    curl: `export MINEMAP_TOKEN='${token}'\nprintf 'header = "Authorization: Bearer %s"\\n' "$MINEMAP_TOKEN" | curl --config - '${origin}/ogc/collections/hazardous-areas/items?limit=10'`,
  };
}
