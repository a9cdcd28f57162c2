package org.bufferyard.simulator.requests;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files of files, and compressions that are not read, by what they begin with. Their bytes could
 * pass for numbers of one of the binary formats, which have no mark of their own.
 *
 * @param magic a letter a byte
 */
record Archive(String label, int at, String magic) {
  private static final List<Archive> ALL =
      List.of(
          new Archive("a zip archive", 0, "PK\u0003\u0004"),
          new Archive("an empty zip archive", 0, "PK\u0005\u0006"),
          new Archive("a 7z archive", 0, "7z\u00bc\u00af'\u001c"),
          new Archive("a rar archive", 0, "Rar!\u001a\u0007"),
          new Archive("a tar archive", 257, "ustar"),
          new Archive("bzip2 data", 0, "BZh"),
          new Archive("lz4 data", 0, "\u0004\"M\u0018"));

  /** What the file is, in words; null for none of these. */
  static @Nullable String of(byte[] head) {
    String letters = new String(head, StandardCharsets.ISO_8859_1);
    for (Archive one : ALL) {
      if (letters.startsWith(one.magic, one.at)) {
        return one.label;
      }
    }
    return null;
  }
}
