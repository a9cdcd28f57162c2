package org.bufferyard.actors.buffer;

import java.util.List;
import java.util.function.Supplier;
import org.bufferyard.actors.protocol.MappingKind;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Picks the kind of mapping that an exporter and an importer have in common: the exporter's order
 * decides. Restates the rules of the RFC on typed dma-buf mappings (2026).
 */
public final class KindChoice {
  /**
   * A kind that one side has.
   *
   * @param match whether it will do for this pair: null from it says yes, EOPNOTSUPP tries the
   *     next, anything else ends the search; without a match it always does
   */
  public record Offer(MappingKind kind, @Nullable Supplier<@Nullable Refusal> match) {
    public static Offer of(MappingKind kind) {
      return new Offer(kind, null);
    }

    private @Nullable Refusal refuses() {
      return match == null ? null : match.get();
    }
  }

  /** The first kind of {@code exporter} that {@code importer} has too, and both find fitting. */
  public static Outcome<MappingKind> of(List<Offer> exporter, List<Offer> importer) {
    Refusal unfit = null;
    for (Offer ours : exporter) {
      for (Offer theirs : importer) {
        if (ours.kind == theirs.kind) {
          Refusal refusal = refuses(ours, theirs);
          if (refusal == null) {
            return Outcome.done(ours.kind);
          }
          if (refusal.errno() != Errno.EOPNOTSUPP) {
            return Outcome.refused(refusal);
          }
          unfit = refusal;
        }
      }
    }
    return Outcome.refused(nothingInCommon(exporter, importer, unfit));
  }

  private static @Nullable Refusal refuses(Offer ours, Offer theirs) {
    Refusal refusal = ours.refuses();
    return refusal == null ? theirs.refuses() : refusal;
  }

  private static Refusal nothingInCommon(
      List<Offer> exporter, List<Offer> importer, @Nullable Refusal unfit) {
    String why = unfit == null ? "" : ": " + unfit.reason();
    return new Refusal(
        Errno.EINVAL,
        "no common kind of mapping, the exporter gives "
            + names(exporter)
            + ", the importer takes "
            + names(importer)
            + why,
        "an importer that takes one of the exporter's kinds");
  }

  private static List<MappingKind> names(List<Offer> offers) {
    return offers.stream().map(Offer::kind).toList();
  }

  private KindChoice() {}
}
