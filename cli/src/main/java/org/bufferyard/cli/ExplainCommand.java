package org.bufferyard.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.placement.BufferFacts;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.placement.Explainer;
import org.bufferyard.allocator.placement.Explanation;
import org.bufferyard.allocator.placement.RegionFacts;
import org.bufferyard.cli.output.ExplanationJson;
import org.bufferyard.cli.output.ExplanationPage;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.bufferyard.deviceactors.catalog.RegionCatalog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says where a buffer would live for given devices and why, or who is in conflict and why. */
@Command(
    name = "explain",
    description = {
      "Says where a buffer shared by devices would live and how each reaches it, and why;",
      "or which devices cannot share it, what they disagree about, and what would help."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "Sizes are whole numbers of B, KiB, MiB or GiB.",
      "Exit codes: 0 a placement or an explained refusal, 2 bad usage or input."
    })
final class ExplainCommand implements Callable<Integer> {
  private static final int DEVICES_MAX = 64;

  private final Terminal terminal;

  @Option(
      names = "--size",
      required = true,
      paramLabel = "SIZE",
      converter = Converters.BufferSize.class,
      description = "Size of the buffer, for example 8MiB; rounded up to pages.")
  private long sizeBytes;

  @Option(
      names = "--device",
      required = true,
      paramLabel = "KIND",
      split = ",",
      completionCandidates = Kinds.class,
      description = "A device that uses it; once for each. One of ${COMPLETION-CANDIDATES}.")
  private List<String> kinds = new ArrayList<>();

  @Option(
      names = "--region",
      paramLabel = "REGION",
      split = ",",
      completionCandidates = RegionNames.class,
      description =
          "Consider only this region, or these. Of ${COMPLETION-CANDIDATES}. Default all.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--prefer",
      paramLabel = "REGION",
      split = ",",
      description = "Regions the exporter would like, best first. Default none.")
  private List<String> preferred = new ArrayList<>();

  @Option(names = "--protected", description = "The contents are protected.")
  private boolean secure;

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = Converters.Seed.class,
      description = "How memory without long runs is fragmented. Default 1.")
  private long seed = 1;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** For the help text. */
  static final class Kinds extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    Kinds() {
      super(CatalogKind.labels());
    }
  }

  /** For the help text. */
  static final class RegionNames extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    RegionNames() {
      super(names(RegionCatalog.regions()));
    }
  }

  ExplainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws BadInput {
    List<DeviceDemand> devices = devices();
    List<RegionFacts> regions = regions();
    known("--prefer", preferred, names(regions));
    BufferFacts buffer = new BufferFacts(Pages.ofBytes(sizeBytes), preferred, secure);
    Explanation explanation =
        Explainer.explain(
            devices, regions, buffer, Explainer.freshRegions(regions, new SplittableRandom(seed)));
    terminal
        .out()
        .print(
            json
                ? ExplanationJson.of(explanation, buffer)
                : ExplanationPage.of(explanation, buffer));
    return ExitCode.CLEAN;
  }

  /** Each by its kind; the second of a kind has a number. */
  private List<DeviceDemand> devices() throws BadInput {
    if (kinds.isEmpty() || kinds.size() > DEVICES_MAX) {
      throw new BadInput(
          "--device must be given 1 to " + DEVICES_MAX + " times, not " + kinds.size());
    }
    known("--device", kinds, CatalogKind.labels());
    List<DeviceDemand> devices = new ArrayList<>(kinds.size());
    for (int index = 0; index < kinds.size(); index++) {
      String label = kinds.get(index);
      long before = kinds.subList(0, index).stream().filter(label::equals).count();
      CatalogKind kind = CatalogKind.of(label);
      if (kind != null) {
        devices.add(kind.named(before == 0 ? label : label + "-" + (before + 1)));
      }
    }
    return devices;
  }

  private List<RegionFacts> regions() throws BadInput {
    List<RegionFacts> all = RegionCatalog.regions();
    known("--region", only, names(all));
    return only.isEmpty()
        ? all
        : all.stream().filter(region -> only.contains(region.name())).toList();
  }

  private static List<String> names(List<RegionFacts> regions) {
    return regions.stream().map(RegionFacts::name).toList();
  }

  private static void known(String option, List<String> words, List<String> legal) throws BadInput {
    for (String word : words) {
      if (!legal.contains(word)) {
        throw new BadInput(option + ": unknown '" + word + "'; legal: " + String.join(", ", legal));
      }
    }
  }
}
