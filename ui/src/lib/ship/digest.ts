/** Digests for people: both ends of one, enough to recognise it. The whole is in the title and in what is copied. */

/** A digest in a text as `sha256:e2b7f3a94c18…8a1d40cf`, with so many digits of its beginning and its end. */
export function shortDigest(text: string, beginning = 12, end = 8): string {
  return text.replace(
    /(sha\d+:)([0-9a-f]{32,})/,
    (_, algorithm: string, hex: string) => `${algorithm}${hex.slice(0, beginning)}…${hex.slice(-end)}`,
  );
}

/** `SHA256:9vQk…x0c`. */
export function shortFingerprint(fingerprint: string): string {
  return fingerprint.length > 24 ? `${fingerprint.slice(0, 11)}…${fingerprint.slice(-4)}` : fingerprint;
}
