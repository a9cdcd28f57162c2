package org.bufferyard.simulator.history;

import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.simulator.history.ModelState.Opener;
import org.jspecify.annotations.Nullable;

/**
 * Whether a buffer may refuse a request with an error, going by what it is like and by the reason
 * that it gives. Errors about room, deadlines and addresses depend on others and may always be.
 */
final class Explanations {
  /** As {@code MapDesk} says that a mapping has another direction. */
  private static final String OTHER_DIRECTION = "has it mapped";

  /** As {@code AttachDesk} says that a buffer cannot move to where a device reaches it. */
  private static final String PINNED_THERE = "is pinned there";

  static boolean possible(ModelState state, Buffer.Request request, Refusal refusal) {
    return switch (refusal.errno()) {
      case EBADF -> state.opener(request.header().handle()) == null;
      case EACCES -> foreign(state, request) || (lacking(state, request) & Rights.WRITE) != 0;
      case EPERM -> lacking(state, request) != 0;
      case ENOENT -> nothingThere(state, request);
      case EBUSY -> busy(state, request, refusal);
      case EFAULT -> state.purged();
      case EINVAL -> invalid(state, request);
      default -> true;
    };
  }

  private static boolean foreign(ModelState state, Buffer.Request request) {
    Opener opener = state.opener(request.header().handle());
    boolean foreignHandle = opener != null && !opener.client().equals(request.header().client());
    ModelAttachment attachment = named(state, request);
    return foreignHandle
        || (attachment != null && !attachment.client().equals(request.header().client()));
  }

  private static int lacking(ModelState state, Buffer.Request request) {
    Opener opener = state.opener(request.header().handle());
    if (opener == null) {
      return 0;
    }
    int needed =
        switch (request) {
          case Buffer.Share share -> Rights.EXPORT | share.rights();
          case Buffer.Pin pin -> Rights.PIN;
          case Buffer.BeginCpu begin -> Rights.CPU | cpuRights(begin);
          case Buffer.Mmap mmap -> Rights.CPU | Rights.READ;
          case Buffer.Vmap vmap -> Rights.CPU | Rights.MAP;
          case Buffer.Revoke revoke -> Rights.REVOKE;
          case Buffer.Offer offer -> Rights.REVOKE;
          case Buffer.Reclaim reclaim -> Rights.REVOKE;
          default -> Rights.MAP | Rights.CPU;
        };
    return needed & ~opener.rights();
  }

  private static int cpuRights(Buffer.BeginCpu begin) {
    int reads = begin.direction().deviceWrites() ? Rights.READ : 0;
    return begin.cpuWrites() ? reads | Rights.WRITE : reads;
  }

  /** An attachment that is not, or one that has nothing mapped. */
  private static boolean nothingThere(ModelState state, Buffer.Request request) {
    ModelAttachment attachment = named(state, request);
    return attachment == null
        || attachment.forced()
        || (request instanceof Buffer.Unmap && attachment.maps() == 0)
        || (request instanceof Buffer.Use && !mine(attachment, request.header()));
  }

  private static boolean mine(ModelAttachment attachment, Header header) {
    return attachment.client().equals(header.client());
  }

  private static boolean busy(ModelState state, Buffer.Request request, Refusal refusal) {
    ModelAttachment attachment = named(state, request);
    if (request instanceof Buffer.Map map && refusal.reason().contains(OTHER_DIRECTION)) {
      return attachment != null && attachment.directions(map.direction(), false) != 0;
    }
    return !refusal.reason().contains(PINNED_THERE) || state.held() || mayBeMapping(state);
  }

  /** A static importer holds the buffer while it maps, though the IOMMU refuse it in the end. */
  private static boolean mayBeMapping(ModelState state) {
    return state.attachments().stream().anyMatch(each -> !each.dynamic());
  }

  private static boolean invalid(ModelState state, Buffer.Request request) {
    ModelAttachment attachment = named(state, request);
    return switch (request) {
      case Buffer.Unpin unpin -> attachment == null || attachment.pins() == 0;
      case Buffer.Unmap unmap -> unmap.generation() != state.generation();
      case Buffer.Vunmap vunmap -> !state.vmaps().contains(vunmap.header().client());
      case Buffer.EndCpu end ->
          !state.brackets().contains(new ModelState.Bracket(end.header().client(), end.bracket()));
      default -> true; // ranges and operations that the request itself has wrong
    };
  }

  private static @Nullable ModelAttachment named(ModelState state, Buffer.Request request) {
    return switch (request) {
      case Buffer.Map map -> state.attachment(map.attachment());
      case Buffer.Unmap unmap -> state.attachment(unmap.attachment());
      case Buffer.Use use -> state.attachment(use.attachment());
      case Buffer.Pin pin -> state.attachment(pin.attachment());
      case Buffer.Unpin unpin -> state.attachment(unpin.attachment());
      case Buffer.Detach detach -> state.attachment(detach.attachment());
      default -> null;
    };
  }

  private Explanations() {}
}
