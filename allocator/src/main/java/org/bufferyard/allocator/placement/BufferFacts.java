package org.bufferyard.allocator.placement;

import java.util.List;
import org.bufferyard.allocator.Pages;

/**
 * What the solver knows of the buffer.
 *
 * @param pages its size, at least 1
 * @param preferred the exporter's regions by name, best first; may be empty
 * @param secure its contents are protected
 */
public record BufferFacts(long pages, List<String> preferred, boolean secure) {
  public BufferFacts {
    if (pages < 1 || pages > Long.MAX_VALUE >>> Pages.SHIFT) {
      throw new IllegalArgumentException("pages out of range, pages=" + pages);
    }
    preferred = List.copyOf(preferred);
  }

  public static BufferFacts of(long pages, String... preferred) {
    return new BufferFacts(pages, List.of(preferred), false);
  }

  public long sizeBytes() {
    return Pages.toBytes(pages);
  }
}
