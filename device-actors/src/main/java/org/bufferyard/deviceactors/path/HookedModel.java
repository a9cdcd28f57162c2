package org.bufferyard.deviceactors.path;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.bufferyard.actors.protocol.DmaJob;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.sg.SgTable;

/** A model with hooks around its mappings, in order before and in reverse after. */
final class HookedModel implements DmaModel {
  /** Equal views of one buffer may be live for several attachments. */
  private static final class Mapped {
    private final Extents pages;
    private final DmaDirection direction;
    private int count;

    Mapped(Extents pages, DmaDirection direction) {
      this.pages = pages;
      this.direction = direction;
    }
  }

  private final DmaModel inner;
  private final List<MappingHook> hooks;
  private final LinkedHashMap<SgTable, Mapped> mapped = new LinkedHashMap<>();

  HookedModel(DmaModel inner, List<MappingHook> hooks) {
    this.inner = inner;
    this.hooks = List.copyOf(hooks);
  }

  /** A hook that refuses undoes those before it. */
  @Override
  public Outcome<SgTable> map(Extents pages, DmaDirection direction, DmaConstraints constraints) {
    for (int hook = 0; hook < hooks.size(); hook++) {
      Optional<Refusal> refusal = hooks.get(hook).beforeMap(pages, direction);
      if (refusal.isPresent()) {
        undo(hook, pages, direction);
        return Outcome.refused(refusal.get());
      }
    }
    Outcome<SgTable> outcome = inner.map(pages, direction, constraints);
    if (outcome instanceof Outcome.Done<SgTable>(SgTable view)) {
      mapped.computeIfAbsent(view, key -> new Mapped(pages, direction)).count++;
    } else {
      undo(hooks.size(), pages, direction);
    }
    return outcome;
  }

  private void undo(int count, Extents pages, DmaDirection direction) {
    hooks.subList(0, count).reversed().forEach(hook -> hook.afterUnmap(pages, direction));
  }

  @Override
  public void unmap(SgTable view) {
    inner.unmap(view);
    Mapped gone = mapped.get(view);
    if (gone == null) {
      throw new IllegalStateException("not mapped here: " + view);
    }
    if (--gone.count == 0) {
      mapped.remove(view);
    }
    undo(hooks.size(), gone.pages, gone.direction);
  }

  @Override
  public void sync(SgTable view, long pages, boolean forDevice) {
    inner.sync(view, pages, forDevice);
    Mapped live = mapped.get(view);
    if (live != null) {
      hooks.forEach(hook -> hook.sync(pages, live.direction, forDevice));
    }
  }

  @Override
  public DmaJob.Report run(DmaJob job) {
    return inner.run(job);
  }

  @Override
  public Holdings holdings() {
    long flushed = hooks.stream().mapToLong(MappingHook::flushedPages).sum();
    return inner.holdings().plus(new Holdings(0, 0, flushed));
  }
}
