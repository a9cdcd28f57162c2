package org.bufferyard.actors.protocol;

import java.util.List;

/**
 * How a device imports.
 *
 * @param dynamic answers an invalidate; a static importer pins by mapping
 * @param peerToPeer takes addresses in another device's memory; without it, what lives there moves
 *     out for this importer, or it is refused
 * @param kinds what mappings it takes, most wanted first
 */
public record ImportTerms(boolean dynamic, boolean peerToPeer, List<MappingKind> kinds) {
  public ImportTerms {
    kinds = List.copyOf(kinds);
  }

  /** Scatterlists, of whatever memory the device has a path to. */
  public static ImportTerms of(boolean dynamic) {
    return new ImportTerms(dynamic, true, List.of(MappingKind.SCATTERLIST));
  }

  public ImportTerms withoutPeers() {
    return new ImportTerms(dynamic, false, kinds);
  }

  public ImportTerms withKinds(MappingKind... wanted) {
    return new ImportTerms(dynamic, peerToPeer, List.of(wanted));
  }
}
