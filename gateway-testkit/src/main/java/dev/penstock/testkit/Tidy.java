package dev.penstock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the house style asks of a source file and a compiler does not: sizes, names, and a few words
 * that must not stay. Raising a limit is one reviewed line here.
 */
public final class Tidy {
  /** Lines of a file, everything counted. */
  static final int FILE_LINES_MAX = 600;

  /** A mark that work was left undone; written so that this file passes. */
  private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b");

  private static final Pattern NULL_MARKED = Pattern.compile("(?m)^@NullMarked$");

  /** The modules that may print: the command line, and what is run by make. */
  private static final List<String> PRINTING = List.of("gateway-app/", "load-tests/");

  /**
   * @param file relative to the root, with {@code /}
   * @param line 1-based
   */
  public record Finding(String file, long line, String what) implements Comparable<Finding> {
    @Override
    public int compareTo(Finding other) {
      int byFile = file.compareTo(other.file);
      return byFile != 0 ? byFile : toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return "%s:%d: %s".formatted(file, line, what);
    }
  }

  private final Path root;
  private final TreeSet<Finding> findings = new TreeSet<>();

  private Tidy(Path root) {
    this.root = root;
  }

  /**
   * Of every Java file below a {@code src/main/java} or {@code src/test/java}; in order.
   *
   * @param root the directory of the modules; what is hidden or called {@code target} is passed
   */
  public static List<Finding> findings(Path root) {
    Tidy tidy = new Tidy(root);
    try {
      for (Path file : sources(root)) tidy.checkFile(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(tidy.findings);
  }

  private static List<Path> sources(Path root) throws IOException {
    List<Path> sources = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            String name = String.valueOf(dir.getFileName());
            boolean passed = name.startsWith(".") || name.equals("target");
            return passed && !dir.equals(root)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String path = slashed(root, file);
            boolean source = path.contains("/src/main/java/") || path.contains("/src/test/java/");
            if (source && path.endsWith(".java")) sources.add(file);
            return FileVisitResult.CONTINUE;
          }
        });
    return sources;
  }

  private void checkFile(Path file) throws IOException {
    String path = slashed(root, file);
    String text = Files.readString(file);
    List<String> lines = text.lines().toList();
    if (lines.size() > FILE_LINES_MAX) {
      add(path, lines.size(), "file of " + lines.size() + " lines, at most " + FILE_LINES_MAX);
    }
    for (int i = 0; i < lines.size(); i++) {
      if (UNFINISHED.matcher(lines.get(i)).find()) add(path, i + 1, "work left undone");
    }
    checkPackage(file, path);
    boolean isTest = path.contains("/src/test/java/");
    boolean mayPrint = PRINTING.stream().anyMatch(path::startsWith);
    TidyScanner.scan(
        path,
        text,
        (line, what) -> {
          boolean allowed =
              what.equals(TidyScanner.SLEEPS) && !isTest
                  || what.equals(TidyScanner.PRINTS) && mayPrint;
          if (!allowed) add(path, line, what);
        });
  }

  /** Tests may have their package's description in {@code src/main/java}. */
  private void checkPackage(Path file, String path) throws IOException {
    Path own = file.resolveSibling("package-info.java");
    Path main = Path.of(own.toString().replace("/src/test/java/", "/src/main/java/"));
    Path description = Files.exists(own) ? own : main;
    if (!Files.exists(description)) {
      add(path, 1, "its package has no package-info.java");
    } else if (!NULL_MARKED.matcher(Files.readString(description)).find()) {
      add(slashed(root, description), 1, "package without @NullMarked");
    }
  }

  private void add(String path, long line, String what) {
    findings.add(new Finding(path, line, what));
  }

  private static String slashed(Path root, Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }
}
