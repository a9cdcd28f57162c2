package org.bufferyard.simulator.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Unique, shared and proportional bytes of clients. */
class OwnerTotalsTest {
  private final List<Dump.Buffer> buffers = new ArrayList<>();

  private void buffer(long pages, List<Dump.Attachment> attachments, String... handles) {
    buffers.add(
        new Dump.Buffer(
            buffers.size(),
            "b",
            "a",
            pages * 4096,
            pages * 4096,
            "resident",
            pages == 0 ? "" : "VRAM",
            1,
            1,
            false,
            Arrays.asList(handles),
            attachments,
            List.of(),
            0,
            "",
            0,
            0));
  }

  private static Dump.Attachment attachment(String client, int pins) {
    return new Dump.Attachment("gpu", client, true, "mapped", "to_device", 1, pins);
  }

  private List<OwnerTotals> totals() {
    return OwnerTotals.of(
        new Dump(
            Dump.FORMAT, 1, "s", "lru", 1, "real", 0, false, 0, 0, List.of(), buffers, List.of()));
  }

  @Test
  void of_sharedAndAlone_addsUpToAll() {
    buffer(6, List.of(), "a");
    buffer(3, List.of(attachment("b", 1)), "a", "a", "c");
    assertThat(totals())
        .containsExactly(
            new OwnerTotals("a", 2, 6 * 4096, 3 * 4096, 7 * 4096, 0),
            new OwnerTotals("b", 1, 0, 3 * 4096, 4096, 3 * 4096),
            new OwnerTotals("c", 1, 0, 3 * 4096, 4096, 0));
    assertThat(totals().stream().mapToDouble(OwnerTotals::proportionalBytes).sum())
        .isEqualTo(9 * 4096);
  }

  @Test
  void of_withoutMemory_countsNothing() {
    buffer(0, List.of(), "a");
    assertThat(totals()).containsExactly(new OwnerTotals("a", 0, 0, 0, 0, 0));
  }

  /** A zombie whose importers are all gone waits for fences: it is nobody's. */
  @Test
  void of_heldByNobody_isCountedToNobody() {
    buffer(4, List.of());
    assertThat(totals()).isEmpty();
  }
}
