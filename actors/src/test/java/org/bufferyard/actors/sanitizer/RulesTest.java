package org.bufferyard.actors.sanitizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Extents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rules about mappings and uses that no mutant reaches, since the yard refuses before they could
 * break: each is shown messages of a yard that does not.
 */
class RulesTest extends SanitizerRig {
  /** Segments that another device's limits would do for. */
  private static DmaConstraints limitOf(Rule rule) {
    DmaConstraints unlimited = DmaConstraints.UNLIMITED;
    return switch (rule) {
      case D19 -> unlimited.withMaxSegmentBytes(4096);
      case D20 -> unlimited.withBoundaryMask(4095);
      default -> unlimited.withDmaMask(DmaConstraints.maskOfBits(20));
    };
  }

  @ParameterizedTest
  @EnumSource(names = {"D19", "D20", "D26"})
  void map_segmentsBeyondTheDevice_found(Rule rule) {
    DmaConstraints limit = limitOf(rule);
    attached(limit);
    Extents extents = Extents.of(FIRST_PFN, PAGES);
    mapped(table(FIRST_PFN, PAGES, DmaConstraints.UNLIMITED), extents, limit);
    expect(rule);
    assertThat(sanitizer.findings().getFirst().device()).isEqualTo("gpu");
    assertThat(sanitizer.findings().getFirst().site()).contains("mapped for client-0 by iommu-x");
  }

  @Test
  void map_pagesOutsideTheRegions_found() {
    attached(DmaConstraints.UNLIMITED);
    Extents outside = Extents.of(9_000, PAGES);
    mapped(table(9_000, PAGES, DmaConstraints.UNLIMITED), outside, DmaConstraints.UNLIMITED);
    expect(Rule.D11);
    expect(Rule.D68);
  }

  @Test
  void map_whereTheDeviceHasNoPath_found() {
    attached(DmaConstraints.UNLIMITED);
    movedAway();
    Extents far = Extents.of(FAR_PFN, PAGES);
    mapped(table(FAR_PFN, PAGES, DmaConstraints.UNLIMITED), far, DmaConstraints.UNLIMITED);
    expect(Rule.D36);
  }

  @Test
  void unmap_otherGenerationAnswered_found() {
    wellMapped();
    told(device, buffer, new Buffer.Unmap(header(), ATTACHMENT, 7, device));
    told(buffer, device, new Importer.Unmapped(requests, ID, 7));
    expect(Rule.D3);
  }

  @Test
  void use_beyondTheBufferGranted_found() {
    wellMapped();
    use(2, 3, 1);
    expect(Rule.D14);
  }

  @Test
  void use_twoWritersGranted_found() {
    wellMapped();
    use(0, 1, 1);
    assertThat(sanitizer.findings()).isEmpty();
    use(3, 1, 2);
    expect(Rule.D49);
  }

  @Test
  void pin_foreignAttachmentAnswered_found() {
    wellMapped();
    Header foreign = new Header(++requests, new ClientId(9), 1, HANDLE);
    told(device, buffer, new Buffer.Pin(foreign, ATTACHMENT, device));
    told(buffer, device, new Importer.Pinned(requests, ID));
    expect(Rule.D37);
  }

  @Test
  void detach_mappingLeft_found() {
    wellMapped();
    told(device, buffer, new Buffer.Detach(header(), ATTACHMENT, device));
    told(buffer, device, new Importer.Detached(requests, ID));
    expect(Rule.D23);
  }

  @Test
  void unmap_whatIsNotMapped_found() {
    wellMapped();
    Consumer<Integer> unmapped =
        times -> told(iommu, buffer, new Buffer.IommuUnmapped(ATTACHMENT, 1));
    unmapped.accept(1);
    assertThat(sanitizer.findings()).isEmpty();
    unmapped.accept(2);
    expect(Rule.D59);
  }

  @Test
  void records_noneLeft_saidAloud() {
    sanitizer = sanitizer(0);
    attached(DmaConstraints.UNLIMITED);
    mapped(
        table(FIRST_PFN, PAGES, DmaConstraints.UNLIMITED),
        Extents.of(FIRST_PFN, PAGES),
        DmaConstraints.UNLIMITED);
    expect(Rule.D24);
    assertThat(sanitizer.finish()).isFalse();
  }

  @Test
  void finish_nothingSeen_saidAloud() {
    assertThat(sanitizer.finish()).isFalse();
    expect(Rule.D24);
  }
}
