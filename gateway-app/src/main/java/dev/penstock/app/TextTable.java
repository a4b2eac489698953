package dev.penstock.app;

import java.util.ArrayList;
import java.util.List;

/** Columns of text, each as wide as its widest cell, two spaces apart. */
final class TextTable {
  private static final String GAP = "  ";

  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  TextTable(String... header) {
    this.header = List.of(header);
  }

  /** One cell for each column; an empty one is shown as {@code -}. */
  void add(List<String> cells) {
    if (cells.size() != header.size()) {
      throw new IllegalArgumentException(header.size() + " cells expected, was " + cells);
    }
    rows.add(cells.stream().map(cell -> cell.isEmpty() ? "-" : cell).toList());
  }

  void print(Terminal terminal) {
    int[] widths = header.stream().mapToInt(String::length).toArray();
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) widths[i] = Math.max(widths[i], row.get(i).length());
    }
    terminal.out().println(terminal.bold(line(header, widths)));
    rows.forEach(row -> terminal.out().println(line(row, widths)));
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      if (i > 0) line.append(GAP);
      line.append(cells.get(i));
      if (i < widths.length - 1) line.repeat(' ', widths[i] - cells.get(i).length());
    }
    return line.toString();
  }
}
