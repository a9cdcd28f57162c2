package org.bufferyard.actors.fence;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The plain fences inside arrays and chains, and what several fences amount to together. Model of
 * {@code dma_fence_unwrap}, {@code drivers/dma-buf/dma-fence-unwrap.c}.
 */
public final class FenceUnwrap {
  /** Each plain fence inside, signalled ones too: an array's in order, a chain's latest first. */
  public static List<Fence> leaves(@Nullable Fence fence) {
    List<Fence> leaves = new ArrayList<>();
    visit(fence, leaves::add);
    return leaves;
  }

  private static void visit(@Nullable Fence fence, Consumer<Fence> leaf) {
    Fence at = fence;
    while (at instanceof FenceChain link) {
      visitFlat(link.fence(), leaf);
      at = link.previous();
    }
    if (at != null) {
      visitFlat(at, leaf);
    }
  }

  /** A chain inside an array, or an array inside an array, is as deep as it goes. */
  private static void visitFlat(Fence fence, Consumer<Fence> leaf) {
    switch (fence) {
      case FenceArray array -> array.fences().forEach(each -> visit(each, leaf));
      case FenceChain chain -> visit(chain, leaf);
      case Fence plain -> leaf.accept(plain);
    }
  }

  /**
   * One fence for all of these: of each context the latest that has not signalled, in order of
   * context; a stub if all have; the fence itself if it is the only one.
   */
  public static Fence merge(FenceContexts contexts, List<? extends Fence> fences) {
    List<Fence> latest = latest(fences);
    return switch (latest.size()) {
      case 0 -> Fence.stub(contexts);
      case 1 -> latest.getFirst();
      default -> new FenceArray(contexts.take(1), 1, latest, false);
    };
  }

  /** Of each context the latest unsignalled plain fence, in order of context. */
  public static List<Fence> latest(List<? extends Fence> fences) {
    TreeMap<Long, Fence> byContext = new TreeMap<>();
    for (Fence fence : fences) {
      visit(
          fence,
          leaf -> {
            if (!leaf.signalled()) {
              byContext.merge(leaf.context(), leaf, (a, b) -> b.isLater(a) ? b : a);
            }
          });
    }
    return List.copyOf(byContext.values());
  }

  private FenceUnwrap() {}
}
