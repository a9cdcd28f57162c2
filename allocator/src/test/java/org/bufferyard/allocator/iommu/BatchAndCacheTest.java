package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.sg.SgTable;
import org.junit.jupiter.api.Test;

class BatchAndCacheTest {
  private static final long P = 4096;
  private static final DmaConstraints ANY = DmaConstraints.UNLIMITED;

  private final IommuDomain domain = new IommuDomain(DomainSettings.ofBits(39));

  @Test
  void mapBatch_oneRange_membersLeaveHoles_lastFreesIt() {
    MappedBatch batch = batch(ANY, Extents.of(10, 2), Extents.of(50, 1), Extents.of(70, 3));
    assertThat(batch.iovaBytes()).isEqualTo(6 * P);
    assertThat(batch.members().get(1).address(0)).isEqualTo(batch.iova() + 2 * P);
    assertThat(domain.mappings()).isEqualTo(3);
    assertThat(domain.iovaPagesInUse()).isEqualTo(8);
    assertThat(pages(domain.unmapMember(batch.handle(), 1))).isEqualTo(1);
    assertThat(domain.translate(batch.iova() + 2 * P, false))
        .isEqualTo(FaultReason.NOT_MAPPED.code());
    assertThat(domain.translate(batch.iova() + 3 * P, false)).isEqualTo(70);
    assertThat(domain.iovaPagesInUse()).isEqualTo(8);
    assertThat(pages(domain.unmapMember(batch.handle(), 2))).isEqualTo(3);
    assertThat(pages(domain.unmapMember(batch.handle(), 0))).isEqualTo(2);
    assertThat(domain.iovaPagesInUse()).isZero();
    assertThat(domain.mappings()).isZero();
  }

  @Test
  void unmapMember_twiceForeignOrStale_refused() {
    MappedBatch batch = batch(ANY, Extents.of(10, 2), Extents.of(50, 1));
    domain.unmapMember(batch.handle(), 0);
    assertThat(refused(domain.unmapMember(batch.handle(), 0))).startsWith("ENOENT");
    assertThat(refused(domain.unmapMember(batch.handle(), 2))).startsWith("EINVAL");
    assertThat(refused(domain.unmapMember(batch.handle(), -1))).startsWith("EINVAL");
    assertThat(refused(domain.unmapMember(-1, 0))).startsWith("ENOENT");
    assertThat(refused(domain.unmap(batch.iova() + 2 * P, P))).startsWith("EINVAL");
    domain.unmapMember(batch.handle(), 1);
    MappedBatch second = batch(ANY, Extents.of(10, 2));
    assertThat(second.handle()).isNotEqualTo(batch.handle());
    assertThat(refused(domain.unmapMember(batch.handle(), 0))).startsWith("ENOENT");
    assertThat(refused(domain.unmapBatch(batch.handle()))).startsWith("ENOENT");
    assertThat(domain.mappedPages()).isEqualTo(2);
  }

  @Test
  void mapBatch_alignedMembers_gapsAreNotMapped() {
    MappedBatch batch =
        batch(ANY.withAlignBytes(4 * P), Extents.of(10, 1), Extents.of(50, 2), Extents.of(9, 1));
    assertThat(batch.members().get(1).address(0)).isEqualTo(batch.iova() + 4 * P);
    assertThat(batch.members().get(2).address(0)).isEqualTo(batch.iova() + 8 * P);
    assertThat(domain.isMapped(batch.iova() + P)).isFalse();
    assertThat(pages(domain.unmapBatch(batch.handle()))).isEqualTo(4);
    assertThat(domain.iovaPagesInUse()).isZero();
  }

  @Test
  void mapBatchPfns_equalBuffers_translateInOrder_andUnmapAtOnce() {
    long[] pfns = new long[64];
    for (int page = 0; page < pfns.length; page++) {
      pfns[page] = 1000 - 3L * page;
    }
    long handle = domain.mapBatchPfns(pfns, 0, 16, 4, DmaDirection.TO_DEVICE, ANY);
    assertThat(handle).isNotNegative();
    for (int page = 0; page < pfns.length; page++) {
      assertThat(domain.translate(domain.batchIova(handle) + page * P, false))
          .isEqualTo(pfns[page]);
    }
    assertThat(pages(domain.unmapMember(handle, 3))).isEqualTo(4);
    assertThat(domain.unmapBatchNow(handle)).isEqualTo(60);
    assertThat(domain.mapBatchPfns(pfns, 0, 17, 4, DmaDirection.TO_DEVICE, ANY)).isNegative();
    assertThat(domain.mapBatchPfns(pfns, 0, 0, 4, DmaDirection.TO_DEVICE, ANY)).isNegative();
    assertThat(
            domain.mapBatchPfns(pfns, 0, 16, 4, DmaDirection.TO_DEVICE, ANY.withAlignBytes(8 * P)))
        .isNegative();
    assertThat(domain.iovaPagesInUse()).isZero();
  }

  @Test
  void mapBatch_lazy_holeIsStaleUntilFlush_rangeKeptUntilThen() {
    IommuDomain lazy =
        new IommuDomain(DomainSettings.ofBits(39).withInvalidation(Invalidation.LAZY));
    long handle = lazy.mapBatchPfns(new long[] {5, 9}, 0, 2, 1, DmaDirection.TO_DEVICE, ANY);
    long iova = lazy.batchIova(handle);
    assertThat(lazy.translate(iova, false)).isEqualTo(5);
    lazy.unmapMember(handle, 0);
    assertThat(lazy.translate(iova, false)).isEqualTo(5);
    lazy.flush();
    assertThat(lazy.translate(iova, false)).isEqualTo(FaultReason.NOT_MAPPED.code());
    assertThat(lazy.iovaPagesInUse()).isEqualTo(2);
    lazy.unmapMember(handle, 1);
    assertThat(lazy.iovaPagesInUse()).isEqualTo(2);
    lazy.flush();
    assertThat(lazy.iovaPagesInUse()).isZero();
  }

  @Test
  void cache_equalSignature_sharedUntilDrained() {
    MappingCache cache = new MappingCache();
    int wide = cache.signatureOf(ANY, DmaDirection.TO_DEVICE);
    assertThat(cache.signatureOf(ANY.withMaxSegments(Integer.MAX_VALUE), DmaDirection.TO_DEVICE))
        .isEqualTo(wide);
    int writing = cache.signatureOf(ANY, DmaDirection.FROM_DEVICE);
    int narrow = cache.signatureOf(ANY.withMaxSegments(4), DmaDirection.TO_DEVICE);
    assertThat(List.of(wide, writing, narrow)).doesNotHaveDuplicates();
    SgTable table = done(domain.map(Extents.of(3, 1), DmaDirection.TO_DEVICE, ANY));
    assertThat(cache.acquire(7, 1, wide)).isNull();
    cache.add(7, 1, wide, table);
    assertThat(cache.acquire(7, 1, wide)).isSameAs(table);
    assertThat(cache.acquire(7, 2, wide)).isNull();
    assertThat(cache.acquire(7, 1, narrow)).isNull();
    assertThat(cache.release(7, 1, wide)).isEqualTo(1);
    assertThat(cache.release(7, 1, wide)).isZero();
    assertThat(cache.release(7, 1, wide)).isEqualTo(-1);
    assertThat(cache.size()).isEqualTo(1);
  }

  @Test
  void cache_drain_removesAllOfTheBufferAndNoOther() {
    MappingCache cache = new MappingCache();
    SgTable table = done(domain.map(Extents.of(3, 1), DmaDirection.FROM_DEVICE, ANY));
    int signature = cache.signatureOf(ANY, DmaDirection.FROM_DEVICE);
    for (long buffer = 0; buffer < 100; buffer++) {
      for (long generation = 0; generation < 3; generation++) {
        cache.add(buffer, generation, signature, table);
      }
    }
    for (long buffer = 0; buffer < 100; buffer += 2) {
      List<DmaDirection> seen = new ArrayList<>();
      assertThat(cache.drain(buffer, (gone, direction, users) -> seen.add(direction))).isEqualTo(3);
      assertThat(seen).containsOnly(DmaDirection.FROM_DEVICE);
    }
    assertThat(cache.size()).isEqualTo(150);
    for (long buffer = 0; buffer < 100; buffer++) {
      for (long generation = 0; generation < 3; generation++) {
        assertThat(cache.acquire(buffer, generation, signature) != null).isEqualTo(buffer % 2 == 1);
      }
    }
  }

  private MappedBatch batch(DmaConstraints constraints, Extents... buffers) {
    return done(domain.mapBatch(List.of(buffers), DmaDirection.TO_DEVICE, constraints));
  }

  private static long pages(Outcome<Unmapped> outcome) {
    return done(outcome).pages();
  }

  private static <T> T done(Outcome<T> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done<T>) outcome).value();
  }

  private static <T> String refused(Outcome<T> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused<T>) outcome).refusal().toString();
  }
}
