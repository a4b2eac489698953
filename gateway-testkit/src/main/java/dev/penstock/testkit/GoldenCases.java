package dev.penstock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Cases that stand in directories: what goes in and what must come out, as files. A directory is a
 * case when one of its files begins with {@code input}; every other file of it is an expected
 * output, unless the test names it as a further input.
 *
 * <p>A missing expected file fails, and so does one that no output is compared with. With {@code
 * -Dgolden.update=true} the expected files are written instead of compared: read the difference
 * before you commit it.
 */
public final class GoldenCases {
  private static final String INPUT = "input";

  private final Path root;
  private final Set<String> furtherInputs;

  /**
   * @param root the directory with the cases, at any depth
   * @param furtherInputs names of files that go in, too
   */
  public GoldenCases(Path root, Set<String> furtherInputs) {
    this.root = root;
    this.furtherInputs = Set.copyOf(furtherInputs);
  }

  private static boolean isUpdate() {
    return Boolean.getBoolean("golden.update");
  }

  /** The directories of the cases, sorted. */
  public List<Path> cases() {
    return walk(root).stream()
        .filter(path -> name(path).startsWith(INPUT))
        .map(Path::getParent)
        .distinct()
        .sorted()
        .toList();
  }

  /** The path of a case below the root, for the name of a test. */
  public String nameOf(Path directory) {
    return root.relativize(directory).toString();
  }

  /** The files of a case whose names begin with {@code input}, by name. */
  public Map<String, byte[]> inputs(Path directory) {
    Map<String, byte[]> inputs = new TreeMap<>();
    for (Path file : walk(directory)) {
      if (name(file).startsWith(INPUT)) inputs.put(name(file), bytes(file));
    }
    return inputs;
  }

  /**
   * Compares what came out with the expected files, which must be the same by number and name.
   *
   * @param actual texts by file name
   */
  public void compare(Path directory, Map<String, String> actual) {
    if (isUpdate()) {
      update(directory, actual);
      return;
    }
    for (Map.Entry<String, String> output : actual.entrySet()) {
      Path file = directory.resolve(output.getKey());
      if (!Files.isRegularFile(file)) {
        fail("%s is missing; it should hold:%n%s", file, output.getValue());
      }
      assertThat(new String(bytes(file), StandardCharsets.UTF_8))
          .as(file.toString())
          .isEqualTo(output.getValue());
    }
    assertThat(outputs(directory))
        .as("files of %s that nothing uses", directory)
        .allMatch(file -> actual.containsKey(name(file)));
  }

  /** Fails when a file below the root belongs to no case. */
  public void requireNoStrayFile() {
    List<Path> cases = cases();
    assertThat(walk(root))
        .as("files that belong to no case")
        .allMatch(file -> furtherInputs.contains(name(file)) || cases.contains(file.getParent()));
  }

  private void update(Path directory, Map<String, String> actual) {
    try {
      for (Path file : outputs(directory)) {
        if (!actual.containsKey(name(file))) Files.delete(file);
      }
      for (Map.Entry<String, String> output : actual.entrySet()) {
        Files.writeString(directory.resolve(output.getKey()), output.getValue());
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private List<Path> outputs(Path directory) {
    List<Path> outputs = new ArrayList<>();
    for (Path file : walk(directory)) {
      if (!name(file).startsWith(INPUT) && !furtherInputs.contains(name(file))) outputs.add(file);
    }
    return outputs;
  }

  private static List<Path> walk(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
