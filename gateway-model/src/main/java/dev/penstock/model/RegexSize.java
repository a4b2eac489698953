package dev.penstock.model;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * An upper bound for the instructions that an RE2 expression compiles to, found without compiling
 * it. Counted repetitions are written out by the compiler, so nested ones multiply: {@code
 * (a{1000}){1000}} is a million instructions, and memory to match. Everything is counted too high
 * rather than too low; what is no valid expression gets some number, and its fault from the
 * compiler.
 */
public final class RegexSize {
  private static final String FLAGS = "imsU-";

  /** Of {@code \pL} and the like: one instruction with some six hundred ranges of characters. */
  private static final int UNICODE_CLASS = 100;

  private final String pattern;
  private int at;

  /** Instructions of what is open: the groups around, then the one that is read. */
  private final Deque<Long> outer = new ArrayDeque<>();

  private long sum;

  /** The part that a repetition would repeat; already in the sum. */
  private long last;

  private RegexSize(String pattern) {
    this.pattern = pattern;
  }

  /** How many, at most; whatever the pattern is. */
  public static long of(String pattern) {
    return new RegexSize(pattern).count();
  }

  private long count() {
    while (at < pattern.length()) {
      char c = pattern.charAt(at++);
      switch (c) {
        case '\\' -> escape();
        case '[' -> characterClass();
        case '(' -> open();
        case ')' -> close();
        case '{' -> repetition();
        case '*', '+', '?' -> repeat(1);
        case '|' -> add(2);
        default -> add(1);
      }
    }
    while (!outer.isEmpty()) close();
    return sum + 3; // fail, match, and the nothing of an empty expression
  }

  private void add(long instructions) {
    last = instructions;
    sum = saturated(sum + instructions);
  }

  private void repeat(long times) {
    long repeated = saturated((last + 1) * times + 1);
    sum = saturated(sum - last + repeated);
    last = repeated;
  }

  private void open() {
    if (skipFlags()) return;
    outer.push(sum);
    sum = 3; // the two ends of a capture, and the nothing of an empty group
    last = 1;
  }

  /** {@code (?i)} is nothing; a repetition behind it repeats what stands before it. */
  private boolean skipFlags() {
    if (!pattern.startsWith("?", at)) return false;
    int end = at + 1;
    while (end < pattern.length() && FLAGS.indexOf(pattern.charAt(end)) >= 0) end++;
    if (!pattern.startsWith(")", end)) return false;
    at = end + 1;
    return true;
  }

  private void close() {
    if (outer.isEmpty()) return;
    long group = sum;
    sum = outer.pop();
    add(group);
  }

  private void escape() {
    if (!pattern.startsWith("Q", at)) {
      if (isUnicodeClass()) {
        unicodeClass();
      } else {
        at++;
        add(1);
      }
      return;
    }
    int end = pattern.indexOf("\\E", at);
    int literals = (end < 0 ? pattern.length() : end) - at - 1;
    at = end < 0 ? pattern.length() : end + 2;
    for (int i = 0; i < literals; i++) add(1);
  }

  /** {@code pL} or <code>p{Greek}</code>, which a repetition behind it repeats. */
  private void unicodeClass() {
    int end = pattern.startsWith("{", at + 1) ? pattern.indexOf('}', at) : at + 1;
    at = end < 0 ? pattern.length() : end + 1;
    add(UNICODE_CLASS);
  }

  private void characterClass() {
    if (pattern.startsWith("^", at)) at++;
    if (pattern.startsWith("]", at)) at++;
    int instructions = 1;
    while (at < pattern.length() && pattern.charAt(at) != ']') {
      boolean isEscape = pattern.charAt(at++) == '\\';
      if (isEscape && isUnicodeClass()) instructions += UNICODE_CLASS;
      if (isEscape) at++;
    }
    at++;
    add(instructions);
  }

  /** Behind a backslash. */
  private boolean isUnicodeClass() {
    return pattern.startsWith("p", at) || pattern.startsWith("P", at);
  }

  /** <code>{n}</code>, <code>{n,}</code> or <code>{n,m}</code>; anything else is literal. */
  private void repetition() {
    int end = pattern.indexOf('}', at);
    String[] bounds = end < 0 ? new String[0] : pattern.substring(at, end).split(",", -1);
    if (bounds.length < 1 || bounds.length > 2 || !isCount(bounds[0])) {
      add(1);
      return;
    }
    String most = bounds[bounds.length - 1];
    if (!most.isEmpty() && !isCount(most)) {
      add(1);
      return;
    }
    at = end + 1;
    repeat(most.isEmpty() ? Long.parseLong(bounds[0]) + 1 : Math.max(1, Long.parseLong(most)));
  }

  private static boolean isCount(String text) {
    return !text.isEmpty()
        && text.length() <= 9
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Far above every limit and far below an overflow. */
  private static long saturated(long instructions) {
    return Math.min(instructions, 1_000_000_000);
  }
}
