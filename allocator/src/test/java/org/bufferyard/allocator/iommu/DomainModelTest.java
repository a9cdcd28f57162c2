package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.sg.PhysicalSgList;
import org.bufferyard.allocator.sg.SgTable;
import org.junit.jupiter.api.Test;

/**
 * A domain against a map of pages: whatever was mapped translates so, nothing else does, ranges are
 * disjoint, and every refused call leaves the whole state as it was.
 */
class DomainModelTest {
  private static final long P = 4096;

  private record Live(long iova, long bytes, long handle, int member) {}

  @Test
  void strict_randomCalls_asAMapOfPages() {
    for (long seed = 1; seed <= 4; seed++) {
      new Run(seed, Invalidation.STRICT).go();
    }
  }

  @Test
  void lazy_randomCalls_asAMapOfPages() {
    for (long seed = 1; seed <= 4; seed++) {
      new Run(seed, Invalidation.LAZY).go();
    }
  }

  private static final class Run {
    private final SplittableRandom random;
    private final IommuDomain domain;
    private final TreeMap<Long, Long> model = new TreeMap<>();
    private final List<Live> live = new ArrayList<>();
    private final Map<Long, Integer> batchMembers = new LinkedHashMap<>();
    private final String seed;
    private int refusals;

    Run(long seed, Invalidation mode) {
      random = new SplittableRandom(seed);
      this.seed = "seed " + seed;
      domain =
          new IommuDomain(
              DomainSettings.ofBits(26)
                  .withInvalidation(mode)
                  .withReserved(List.of(new IovaRange(1 << 20, 1 << 20)))
                  .withLimits(16, 8, 24, 120));
    }

    void go() {
      for (int step = 0; step < 300; step++) {
        String before = stateWithoutIova();
        long inUse = domain.iovaPagesInUse();
        long pending = domain.completedInvalidations();
        boolean refused = step();
        if (refused) {
          refusals++;
          assertThat(stateWithoutIova()).as(seed + ", step " + step).isEqualTo(before);
          if (domain.completedInvalidations() == pending) {
            assertThat(domain.iovaPagesInUse()).as(seed + ", step " + step).isEqualTo(inUse);
          }
        }
        assertThat(domain.mappedPages()).as(seed + ", step " + step).isEqualTo(model.size());
      }
      assertThat(refusals).as(seed).isPositive();
      model.forEach((page, pfn) -> assertThat(domain.translate(page * P, false)).isEqualTo(pfn));
      for (Live mapping : List.copyOf(live)) {
        remove(mapping);
      }
      domain.flush();
      assertThat(domain.iovaPagesInUse()).as(seed).isZero();
      assertThat(domain.tables()).as(seed).isEqualTo(1);
      assertThat(domain.mappings()).as(seed).isZero();
    }

    private boolean step() {
      return switch (random.nextInt(8)) {
        case 0, 1 -> mapExtents();
        case 2 -> mapFrames();
        case 3 -> mapList();
        case 4 -> mapBatch();
        case 5 -> misuse();
        default -> live.isEmpty() || !remove(live.get(random.nextInt(live.size())));
      };
    }

    private boolean mapExtents() {
      Extents extents = extents();
      Outcome<SgTable> outcome = domain.map(extents, direction(), constraints());
      if (outcome instanceof Outcome.Done<SgTable>(SgTable table)) {
        record(table.address(0), extents, -1, 0);
      }
      return outcome instanceof Outcome.Refused;
    }

    private boolean mapFrames() {
      long[] pfns = new long[1 + random.nextInt(1500)];
      long pfn = random.nextLong(1 << 20) & -512;
      Extents.Builder runs = new Extents.Builder();
      for (int page = 0; page < pfns.length; page++) {
        pfn = random.nextInt(600) == 0 ? random.nextLong(1 << 20) : pfn + 1;
        pfns[page] = pfn;
        runs.add(pfn, 1);
      }
      Outcome<SgTable> outcome = domain.mapPfns(pfns, 0, pfns.length, direction(), constraints());
      if (outcome instanceof Outcome.Done<SgTable>(SgTable table)) {
        record(table.address(0), runs.build(), -1, 0);
      }
      return outcome instanceof Outcome.Refused;
    }

    private boolean mapList() {
      long[] elements = new long[2 * (1 + random.nextInt(6))];
      for (int at = 0; at < elements.length; at += 2) {
        elements[at] = random.nextLong(1 << 20) * P + random.nextInt(2) * 256L;
        elements[at + 1] = 1 + random.nextLong(40 * P);
      }
      PhysicalSgList list = PhysicalSgList.of(elements);
      DmaConstraints constraints = constraints();
      Outcome<MappedList> outcome = domain.map(list, DmaDirection.BIDIRECTIONAL, constraints);
      if (outcome instanceof Outcome.Done<MappedList>(MappedList mapped)) {
        assertThat(mapped.table().totalBytes()).as(seed).isEqualTo(list.totalBytes());
        checkSegments(mapped.table(), constraints);
        domain.walk(
            mapped.iova(), mapped.iovaBytes(), (iova, pfn, pages, access) -> put(iova, pfn));
        live.add(new Live(mapped.iova(), mapped.iovaBytes(), -1, 0));
        byteByByte(list, mapped.table());
      }
      return outcome instanceof Outcome.Refused;
    }

    /** Every byte of the list is where the segments say, sampled at the ends of each element. */
    private void byteByByte(PhysicalSgList list, SgTable table) {
      int segment = 0;
      long inSegment = 0;
      for (int element = 0; element < list.origNents(); element++) {
        long pfn = list.pfn(element);
        long offset = list.offsetBytes(element);
        for (long done = 0; done < list.lengthBytes(element); ) {
          long iova = table.address(segment) + inSegment;
          assertThat(domain.translate(iova, true)).as(seed).isEqualTo(pfn + (offset + done) / P);
          assertThat(iova % P).as(seed).isEqualTo((offset + done) % P);
          long step =
              Math.min(
                  Math.min(list.lengthBytes(element) - done, P - (offset + done) % P),
                  table.lengthBytes(segment) - inSegment);
          done += step;
          inSegment += step;
          if (inSegment == table.lengthBytes(segment)) {
            segment++;
            inSegment = 0;
          }
        }
      }
    }

    private boolean mapBatch() {
      List<Extents> buffers = new ArrayList<>();
      for (int count = random.nextInt(6); count >= 0; count--) {
        buffers.add(extents());
      }
      DmaConstraints constraints = constraints();
      Outcome<MappedBatch> outcome = domain.mapBatch(buffers, direction(), constraints);
      if (outcome instanceof Outcome.Done<MappedBatch>(MappedBatch batch)) {
        batchMembers.put(batch.handle(), buffers.size());
        for (int member = 0; member < buffers.size(); member++) {
          checkSegments(batch.members().get(member), constraints);
          record(
              batch.members().get(member).address(0), buffers.get(member), batch.handle(), member);
        }
      }
      return outcome instanceof Outcome.Refused;
    }

    private boolean misuse() {
      if (live.isEmpty()) {
        return domain.unmap(P, P) instanceof Outcome.Refused;
      }
      Live mapping = live.get(random.nextInt(live.size()));
      return switch (random.nextInt(5)) {
        case 0 -> domain.unmap(mapping.iova, mapping.bytes + P) instanceof Outcome.Refused;
        case 1 -> domain.unmap(mapping.iova + 1, mapping.bytes) instanceof Outcome.Refused;
        case 2 -> domain.unmap(1 << 20, P) instanceof Outcome.Refused;
        case 3 -> domain.unmapMember(mapping.handle, 99) instanceof Outcome.Refused;
        default ->
            domain.mapAt(
                    mapping.iova,
                    Extents.of(7, 1),
                    DmaDirection.TO_DEVICE,
                    DmaConstraints.UNLIMITED)
                instanceof Outcome.Refused;
      };
    }

    /** Whether it was removed, as it must be. */
    private boolean remove(Live mapping) {
      Outcome<Unmapped> outcome =
          mapping.handle < 0
              ? domain.unmap(mapping.iova, mapping.bytes)
              : domain.unmapMember(mapping.handle, mapping.member);
      assertThat(outcome).as(seed).isInstanceOf(Outcome.Done.class);
      model.subMap(mapping.iova / P, (mapping.iova + mapping.bytes) / P).clear();
      live.remove(mapping);
      return true;
    }

    private void record(long iova, Extents extents, long handle, int member) {
      long page = iova / P;
      for (int run = 0; run < extents.runs(); run++) {
        for (long at = 0; at < extents.pages(run); at++) {
          put(page++, extents.pfn(run) + at);
        }
      }
      live.add(new Live(iova, extents.totalPages() * P, handle, member));
    }

    private void put(long page, long pfn) {
      assertThat(page < 256 || page >= 512).as(seed + ": reserved range").isTrue();
      assertThat(model.put(page, pfn)).as(seed + ": page mapped twice").isNull();
    }

    private void checkSegments(SgTable table, DmaConstraints constraints) {
      for (int segment = 0; segment < table.nents(); segment++) {
        long last = table.address(segment) + table.lengthBytes(segment) - 1;
        assertThat(last & ~constraints.dmaMask()).as(seed).isZero();
        assertThat(table.lengthBytes(segment)).isLessThanOrEqualTo(constraints.maxSegmentBytes());
        assertThat((table.address(segment) ^ last) & ~constraints.boundaryMask()).as(seed).isZero();
      }
    }

    private Extents extents() {
      Extents.Builder runs = new Extents.Builder();
      for (int count = random.nextInt(4); count >= 0; count--) {
        long pages = 1L + random.nextInt(1 << random.nextInt(1, 11));
        runs.add(random.nextLong(1 << 20) & (random.nextBoolean() ? -512 : -1), pages);
      }
      return runs.build();
    }

    private DmaDirection direction() {
      return random.nextBoolean() ? DmaDirection.TO_DEVICE : DmaDirection.BIDIRECTIONAL;
    }

    private DmaConstraints constraints() {
      return DmaConstraints.UNLIMITED
          .withDmaMask(DmaConstraints.maskOfBits(random.nextBoolean() ? 64 : 24))
          .withMaxSegmentBytes((1L + random.nextInt(64)) * P)
          .withBoundaryMask(random.nextBoolean() ? -1 : ((16 * P) << random.nextInt(4)) - 1)
          .withAlignBytes(P << random.nextInt(3))
          .withMaxSegments(random.nextInt(8) == 0 ? 2 : 1 << 20);
    }

    /** A refusal for want of IOVA flushes first, so the IOVA in use is compared apart. */
    private String stateWithoutIova() {
      StringBuilder text = new StringBuilder();
      text.append(" tables ").append(domain.tables()).append(" faults ").append(domain.faults());
      domain.walk(
          0,
          1L << 26,
          (iova, pfn, pages, access) ->
              text.append(' ')
                  .append(iova)
                  .append(':')
                  .append(pfn)
                  .append('x')
                  .append(pages)
                  .append('/')
                  .append(access));
      List<String> mappings = new ArrayList<>();
      domain.mappings((iova, bytes, way) -> mappings.add(iova + "+" + bytes + way));
      mappings.sort(null);
      return text.append(mappings).toString();
    }
  }

  @Test
  void lazy_staleTranslationOnlyWhileItsInvalidationWaits() {
    IommuDomain domain =
        new IommuDomain(
            DomainSettings.ofBits(30).withInvalidation(Invalidation.LAZY).withLimits(4, 8, 64, 64));
    long first = map(domain, 1);
    assertThat(domain.translate(first, true)).isEqualTo(1);
    long ticket = domain.beginFlush();
    assertThat(domain.unmapNow(first, P)).isEqualTo(1);
    domain.completeFlush(ticket);
    assertThat(domain.pendingInvalidations()).isEqualTo(1);
    assertThat(map(domain, 2)).isNotEqualTo(first);
    domain.completeFlush(domain.beginFlush());
    assertThat(domain.pendingInvalidations()).isZero();
    assertThat(map(domain, 3)).isEqualTo(first);
    for (int fill = 0; fill < 5; fill++) {
      long iova = map(domain, 10 + fill);
      assertThat(domain.unmapNow(iova, P)).isEqualTo(1);
    }
    assertThat(domain.pendingInvalidations()).isEqualTo(1);
  }

  private static long map(IommuDomain domain, long pfn) {
    Outcome<SgTable> outcome =
        domain.map(Extents.of(pfn, 1), DmaDirection.BIDIRECTIONAL, DmaConstraints.UNLIMITED);
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done<SgTable>) outcome).value().address(0);
  }
}
