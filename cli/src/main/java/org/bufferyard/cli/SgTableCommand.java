package org.bufferyard.cli;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.iommu.SgTableQuery;
import org.bufferyard.cli.output.SegmentList;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Prints the segments that a device would get for given page frames: the builder and an IOMMU
 * domain, seen from outside. What the request gets wrong is told by the builder's own error, in the
 * JSON too, so numbers stay text until they are read as one request.
 */
@Command(
    name = "sgtable",
    description = {
      "Prints the DMA segments of a buffer, given its page frames in buffer order.",
      "Numbers are decimal, in bytes. Frames come from standard input where none is given."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {"", "Exit codes: 0 done, 2 bad usage or a refused request."})
final class SgTableCommand implements Callable<Integer> {
  private final Terminal terminal;
  private final InputStream input;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--max-segment",
      paramLabel = "N",
      description = "Longest segment, from 4096. Default 4294967295; rounded down to whole pages.")
  private @Nullable String maxSegment;

  @Option(
      names = "--boundary",
      paramLabel = "N",
      description = {
        "No segment crosses a multiple of the boundary, given as its mask: 65535 for 64 KiB; at"
            + " least a page. Default none."
      })
  private @Nullable String boundary;

  @Option(
      names = "--offset",
      paramLabel = "N",
      description = "Where in the buffer the list begins. Default 0.")
  private @Nullable String offset;

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "How much of the buffer it covers. Default all the rest.")
  private @Nullable String length;

  @Option(
      names = "--dma-mask",
      paramLabel = "BITS",
      description = "Address bits of the device, 1 to 64. Default 64.")
  private @Nullable String dmaMask;

  @Option(names = "--iommu", description = "Map through an IOMMU: addresses are I/O addresses.")
  private boolean iommu;

  @Option(names = "--json", description = "Print JSON, of a refused request too.")
  private boolean json;

  @Parameters(
      paramLabel = "PFN",
      description = "Page frames: numbers, or ranges a-b with both ends.")
  private List<String> frames = new ArrayList<>();

  SgTableCommand(Terminal terminal, InputStream input) {
    this.terminal = terminal;
    this.input = input;
  }

  /** As picocli knows it: {@code -5} is a page frame that is refused, not an option. */
  CommandLine commandLine() {
    return new CommandLine(this).setUnmatchedOptionsArePositionalParams(true);
  }

  @Override
  public Integer call() {
    refuseUnknownOptions();
    SgTableRequest request =
        new SgTableRequest(maxSegment, boundary, offset, length, dmaMask, iommu);
    return switch (request.answer(frames, input)) {
      case Outcome.Done<SgTableQuery.Answer>(SgTableQuery.Answer answer) -> print(answer);
      case Outcome.Refused<SgTableQuery.Answer>(Refusal refusal) -> refuse(refusal);
    };
  }

  private void refuseUnknownOptions() {
    for (String word : frames) {
      if (spec != null && word.matches("-+[^0-9-].*|-+")) {
        throw new ParameterException(spec.commandLine(), "Unknown option: '" + word + "'");
      }
    }
  }

  private int print(SgTableQuery.Answer answer) {
    SegmentList list = new SegmentList(answer);
    if (json) {
      list.json(terminal.out());
    } else {
      list.text(terminal.out());
    }
    return ExitCode.CLEAN;
  }

  private int refuse(Refusal refusal) {
    if (json) {
      terminal.out().print(SegmentList.refused(refusal));
    } else {
      terminal.fault(refusal.toString());
    }
    return ExitCode.BAD_INPUT;
  }
}
