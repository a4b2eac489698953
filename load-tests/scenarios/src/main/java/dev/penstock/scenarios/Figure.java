package dev.penstock.scenarios;

import java.util.Locale;

/**
 * Something that was measured.
 *
 * @param milestone the first milestone: to stay at or below; NaN = none is set
 * @param target to stay at or below; NaN = none is set
 */
record Figure(String what, double value, String unit, double milestone, double target) {
  /** How the figure stands to its targets. */
  String verdict() {
    if (Double.isNaN(milestone)) return "";
    if (value <= target) return "target met";
    return value <= milestone ? "milestone met" : "short of the milestone";
  }

  static String number(double value) {
    if (Double.isNaN(value)) return "";
    if (value == Math.rint(value) && Math.abs(value) < 1e9) return "%,d".formatted((long) value);
    return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.2f" : "%,.0f", value);
  }
}
