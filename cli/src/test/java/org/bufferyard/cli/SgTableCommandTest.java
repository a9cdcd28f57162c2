package org.bufferyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SgTableCommandTest {
  private static final long PAGE = 4096;
  private static final Pattern SEGMENT =
      Pattern.compile("\\{\"pfn\":(null|[0-9]+),\"address\":([0-9]+),\"length\":([0-9]+)}");

  private record Segment(String pfn, long address, long length) {
    long end() {
      return address + length;
    }
  }

  private static CommandLineDoor sgtable(String line) {
    return CommandLineDoor.type(("sgtable " + line).strip().split(" +"));
  }

  private static InputStream input(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Segment> segments(CommandLineDoor door) {
    assertThat(door.code()).as(door.err() + door.out()).isZero();
    List<Segment> segments = new ArrayList<>();
    Matcher matcher = SEGMENT.matcher(door.out());
    while (matcher.find()) {
      segments.add(
          new Segment(
              matcher.group(1),
              Long.parseLong(matcher.group(2)),
              Long.parseLong(matcher.group(3))));
    }
    return segments;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "SG02, 0, 4096, 4097, 1",
    "SG03, 0, 4096, 4294967295, 1",
    "SG03 older, 0, 4096, 4294963201, 1",
    "SG04, 0, 1, 4294967295, 1",
    "SG05, 0 1, 8192, 4294967295, 1",
    "SG06, 1 0, 8192, 4294967295, 2",
    "SG07, 0 1 2, 12288, 4294967295, 1",
    "SG08, 0 1 2 3 4 5, 24576, 4294967295, 1",
    "SG09, 0 1 2 4 5 6, 24576, 4294967295, 2",
    "SG11, 0 1 3, 12288, 4294967295, 2",
    "SG12, 1 2 4, 12288, 4294967295, 2",
    "SG13, 1 3 4, 12288, 4294967295, 2",
    "SG14, 0 1 3 4, 16384, 4294967295, 2",
    "SG15, 0 1 3 4 5, 20480, 4294967295, 2",
    "SG17, 0 1 2 3 4, 20480, 4294967295, 1",
    "SG18, 0 1 2 3 4, 20480, 8192, 3",
    "SG19, 0-5, 24576, 8192, 3",
    "SG22, 0 1 3-6 7-12, 49152, 49152, 2"
  })
  void sgtable_conformanceCase_countsAndCovers(
      String id, String frames, long length, long maxSegment, int expected) {
    List<Segment> segments =
        segments(
            sgtable("--json --length " + length + " --max-segment " + maxSegment + " " + frames));
    assertThat(segments).as(id).hasSize(expected);
    assertThat(segments.stream().mapToLong(Segment::length).sum()).as(id).isEqualTo(length);
  }

  @Test
  void sgtable_sg01_refusedAsJsonWithExitCode2() {
    CommandLineDoor door = sgtable("--json --max-segment 0 0");
    assertThat(door.code()).isEqualTo(2);
    assertThat(door.out())
        .isEqualTo(
            """
            {
              "segments": [],
              "iovaBytes": null,
              "error": {
                "errno": "EINVAL",
                "reason": "max segment below one page, maxSegmentBytes=0"
              }
            }
            """);
    assertThat(door.err()).isEmpty();
  }

  @Test
  void sgtable_direct_jsonHasTheAgreedShape() {
    assertThat(sgtable("--json 0-1 3").out())
        .isEqualTo(
            """
            {
              "segments": [
                {"pfn":0,"address":0,"length":8192},
                {"pfn":3,"address":12288,"length":4096}
              ],
              "iovaBytes": null,
              "error": null
            }
            """);
  }

  @Test
  void sgtable_people_getATableWithTotals() {
    assertThat(sgtable("7 1000000-1000001").out())
        .isEqualTo(
            """
            segment      pfn     address  length
                  0        7       28672    4096
                  1  1000000  4096000000    8192
            2 segments, 12288 bytes
            """);
  }

  @Test
  void sgtable_highestFrame_addressIsUnsigned() {
    assertThat(sgtable("--json 4503599627370495").out())
        .contains("{\"pfn\":4503599627370495,\"address\":18446744073709547520,\"length\":4096}");
  }

  @Test
  void sgtable_runBeyondUintMax_isCutAtWholePages() {
    assertThat(segments(sgtable("--json 0-1048576")).stream().map(Segment::length))
        .containsExactly(0xFFFF_F000L, 2 * PAGE);
  }

  @Test
  void sgtable_offsetAndLength_shortenFirstAndLast() {
    assertThat(segments(sgtable("--json --offset 100 --length 8000 10 20")))
        .containsExactly(new Segment("10", 41060, 3996), new Segment("20", 81920, 4004));
  }

  @Test
  void sgtable_iommuScatteredPages_sgi1OneRange() {
    CommandLineDoor door = sgtable("--json --iommu --max-segment 65536 1 5 9");
    assertThat(segments(door))
        .singleElement()
        .satisfies(
            only -> {
              assertThat(only.pfn()).isEqualTo("null");
              assertThat(only.length()).isEqualTo(3 * PAGE);
            });
    assertThat(door.out()).contains("\"iovaBytes\": 12288");
  }

  @Test
  void sgtable_iommuOffset_sgi3StartsInsideItsPage() {
    assertThat(segments(sgtable("--json --iommu --max-segment 65536 --offset 512 1 5")))
        .singleElement()
        .satisfies(
            only -> {
              assertThat(only.address() % PAGE).isEqualTo(512);
              assertThat(only.length()).isEqualTo(0x1E00);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"65535", "0000065535"})
  void sgtable_iommuBoundary_sgi6PadsToIt(String boundary) {
    CommandLineDoor door = sgtable("--json --iommu --boundary " + boundary + " 0-11 100-111");
    List<Segment> segments = segments(door);
    assertThat(segments.stream().map(Segment::length)).containsExactly(49152L, 49152L);
    assertThat(segments.get(1).address() - segments.get(0).address()).isEqualTo(65536);
    assertThat(door.out()).contains("\"iovaBytes\": 114688");
  }

  @Test
  void sgtable_boundaryNone_isTheDefault() {
    assertThat(sgtable("--boundary none 0-31").out()).isEqualTo(sgtable("0-31").out());
    assertThat(sgtable("--boundary 18446744073709551615 0-31").out())
        .isEqualTo(sgtable("0-31").out());
  }

  @Test
  void sgtable_noFrames_readsStandardInput() {
    CommandLineDoor door = CommandLineDoor.sgtable(input("1 0\n5-8\t9\r\n"), "--json");
    assertThat(segments(door))
        .containsExactly(
            new Segment("1", PAGE, PAGE),
            new Segment("0", 0, PAGE),
            new Segment("5", 5 * PAGE, 5 * PAGE));
  }

  @Test
  void sgtable_frames_leaveStandardInputAlone() {
    assertThat(CommandLineDoor.sgtable(input("garbage"), "3").code()).isZero();
  }

  @Test
  void sgtable_randomRequests_matchAPageByPageReference() {
    long seed = 20111128;
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 300; round++) {
      List<Long> frames = new ArrayList<>();
      long frame = random.nextLong(64);
      int pages = 1 + random.nextInt(40);
      for (int page = 0; page < pages; page++) {
        frames.add(frame);
        frame = random.nextInt(4) == 0 ? random.nextLong(64) : frame + 1;
      }
      long maxSegment = PAGE * (1 + random.nextLong(6)) + random.nextLong(PAGE);
      long boundary = PAGE << random.nextInt(5);
      long offset = random.nextLong(frames.size() * PAGE);
      long length = 1 + random.nextLong(frames.size() * PAGE - offset);
      StringBuilder line = new StringBuilder("--json");
      line.append(" --max-segment ").append(maxSegment).append(" --boundary ").append(boundary - 1);
      line.append(" --offset ").append(offset).append(" --length ").append(length);
      frames.forEach(pfn -> line.append(' ').append(pfn));
      assertThat(segments(sgtable(line.toString())))
          .as("seed %s, round %s: %s", seed, round, line)
          .isEqualTo(reference(frames, maxSegment / PAGE, boundary, offset, length));
    }
  }

  /** One page at a time: the rule in its plainest form. */
  private static List<Segment> reference(
      List<Long> frames, long pagesMax, long boundary, long offset, long length) {
    List<Segment> segments = new ArrayList<>();
    long pagesOfLast = 0;
    for (int page = 0; page < frames.size(); page++) {
      long from = Math.max(offset, page * PAGE);
      long to = Math.min(offset + length, (page + 1) * PAGE);
      if (from >= to) {
        continue;
      }
      long address = frames.get(page) * PAGE + from % PAGE;
      boolean joins =
          !segments.isEmpty()
              && segments.getLast().end() == address
              && pagesOfLast < pagesMax
              && address % boundary != 0;
      if (joins) {
        Segment last = segments.removeLast();
        segments.add(new Segment(last.pfn(), last.address(), last.length() + to - from));
        pagesOfLast++;
      } else {
        segments.add(new Segment(Long.toString(address / PAGE), address, to - from));
        pagesOfLast = 1;
      }
    }
    return segments;
  }
}
