package dev.penstock.core.http1;

import io.netty.buffer.ByteBuf;

/**
 * Copies those field lines that may pass from one message into the next. Lines that stand side by
 * side go in one piece: they were validated to the byte, so they can hold no line of their own.
 */
final class FieldCopy {
  private FieldCopy() {}

  /**
   * @param also a name whose lines are copied, too; {@link FieldName#OTHER} for none
   */
  static void toBackend(ByteBuf out, Fields fields, FieldName also) {
    int from = -1;
    for (int i = 0; i < fields.count(); i++) {
      FieldName name = fields.name(i);
      boolean passes = (name.isCopiedToBackend() || name == also) && !fields.isHopByHop(i);
      from = next(out, fields, i, passes, from);
    }
    next(out, fields, fields.count(), false, from);
  }

  /**
   * @param replaced a name whose lines are not copied either; {@link FieldName#CONNECTION} for none
   */
  static void toClient(ByteBuf out, Fields fields, FieldName replaced) {
    int from = -1;
    for (int i = 0; i < fields.count(); i++) {
      FieldName name = fields.name(i);
      boolean passes = name.isCopiedToClient() && name != replaced && !fields.isHopByHop(i);
      from = next(out, fields, i, passes, from);
    }
    next(out, fields, fields.count(), false, from);
  }

  static void trailers(ByteBuf out, Fields fields) {
    int from = -1;
    for (int i = 0; i < fields.count(); i++) {
      from = next(out, fields, i, fields.name(i).isPassedInTrailers(), from);
    }
    next(out, fields, fields.count(), false, from);
  }

  /** Begins, goes on with or writes a run of lines; gives where the run began, or -1. */
  private static int next(ByteBuf out, Fields fields, int i, boolean passes, int from) {
    if (passes) {
      return from < 0 ? fields.nameStart(i) : from;
    }
    if (from >= 0) {
      out.writeBytes(fields.bytes(), from, fields.lineEnd(i - 1) - from);
    }
    return -1;
  }
}
