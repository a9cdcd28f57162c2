package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.allocator.region.Regions.done;
import static org.bufferyard.allocator.region.Regions.reason;
import static org.bufferyard.allocator.region.Regions.refused;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;

/** What the tests of domains share: refusals against the whole state. */
final class Domains {
  static final long P = 4096;
  static final DmaDirection IN = DmaDirection.TO_DEVICE;
  static final DmaConstraints ANY = DmaConstraints.UNLIMITED;
  static final DomainSettings SMALL = DomainSettings.ofBits(26);

  static String state(IommuDomain domain) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%d tables, %d pages, %d in use, %d mappings, %d waiting, %d done"
            .formatted(
                domain.tables(),
                domain.mappedPages(),
                domain.iovaPagesInUse(),
                domain.mappings(),
                domain.pendingInvalidations(),
                domain.completedInvalidations()));
    domain.walk(
        0,
        1L << domain.settings().addressBits(),
        (iova, pfn, pages, access) ->
            text.append(" %d:%d x%d/%d".formatted(iova, pfn, pages, access)));
    List<String> mappings = new ArrayList<>();
    domain.mappings((iova, bytes, way) -> mappings.add("%d+%d %s".formatted(iova, bytes, way)));
    mappings.sort(null);
    return text.append(mappings).toString();
  }

  static long map(IommuDomain domain, long pfn, long pages) {
    return done(domain.map(Extents.of(pfn, pages), IN, ANY)).address(0);
  }

  static Extents frames(long... pfns) {
    Extents.Builder runs = new Extents.Builder();
    for (long pfn : pfns) {
      runs.add(pfn, 1);
    }
    return runs.build();
  }

  /** Refused with this errno and reason, on a domain that stays as it was. */
  static void refuses(IommuDomain domain, Errno errno, String reason, Supplier<Outcome<?>> call) {
    String before = state(domain);
    Outcome<?> outcome = call.get();
    assertThat(refused(outcome)).isEqualTo(errno);
    assertThat(reason(outcome)).isEqualTo(reason);
    assertThat(domain.refusal().reason()).isEqualTo(reason);
    assertThat(state(domain)).isEqualTo(before);
  }

  private Domains() {}
}
