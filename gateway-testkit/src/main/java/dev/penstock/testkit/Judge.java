package dev.penstock.testkit;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Decides what became of a raw case, by what the client got and by what the backend got. */
public final class Judge {
  private Judge() {}

  /**
   * What the client got.
   *
   * @param statuses of the final responses, in order
   * @param closed whether the gateway ended the connection
   */
  public record ClientSide(List<Integer> statuses, boolean closed) {
    public ClientSide {
      statuses = List.copyOf(statuses);
    }
  }

  /**
   * The verdict, with what led to it.
   *
   * @param verdict what became of the case
   * @param why for the person who reads a failed test
   */
  public record Judgement(Verdict verdict, String why) {}

  /**
   * Judges one run.
   *
   * @param upstream the bytes of every upstream connection, each from its first byte
   */
  public static Judgement judge(RawCase rawCase, ClientSide client, List<byte[]> upstream) {
    Judgement judgement = judgeUnexplained(rawCase, client, upstream);
    StringBuilder why = new StringBuilder(judgement.why);
    why.append("; client got ").append(client);
    for (byte[] bytes : upstream) why.append("; backend got ").append(printable(bytes));
    return new Judgement(judgement.verdict, why.toString());
  }

  private static Judgement judgeUnexplained(
      RawCase rawCase, ClientSide client, List<byte[]> upstream) {
    StringBuilder all = new StringBuilder();
    for (byte[] bytes : upstream) all.append(new String(bytes, StandardCharsets.ISO_8859_1));
    String seen = all.toString();
    if (!rawCase.forbid().isEmpty() && RawCase.finds(rawCase.forbid(), seen)) {
      return new Judgement(Verdict.FORBID, "found " + rawCase.forbid());
    }
    if (client.statuses.isEmpty() && !client.closed) {
      return new Judgement(Verdict.HANG, "no response and no close");
    }
    boolean refused = client.statuses.isEmpty() || client.statuses.getFirst() >= 400;
    if (seen.isEmpty()) {
      return refused
          ? new Judgement(Verdict.REJECT, "nothing at the backend")
          : new Judgement(Verdict.LOCAL, "answered without the backend");
    }
    return judgeBytes(rawCase, client, upstream, seen);
  }

  private static Judgement judgeBytes(
      RawCase rawCase, ClientSide client, List<byte[]> upstream, String seen) {
    boolean refusedByStatus = !client.statuses.isEmpty() && client.statuses.getFirst() >= 400;
    int requests = 0;
    String aborted = "";
    for (byte[] bytes : upstream) {
      StrictReparse.Result result = StrictReparse.parse(bytes);
      if (result.ending() == StrictReparse.Ending.FAULTY) {
        return new Judgement(Verdict.DIRTY, result.fault());
      }
      if (result.ending() == StrictReparse.Ending.ABORTED) aborted = result.fault();
      requests += result.requests().size();
    }
    if (!aborted.isEmpty()) {
      return refusedByStatus && requests == 0
          ? new Judgement(Verdict.LATE_REJECT, aborted)
          : new Judgement(Verdict.DIRTY, aborted);
    }
    if (client.statuses.isEmpty() || refusedByStatus) {
      return new Judgement(Verdict.DIRTY, "refused, but complete at the backend");
    }
    boolean unanswered = requests < rawCase.requestCountMax() && !client.closed;
    if (!rawCase.requestCounts().contains(requests) || unanswered) {
      return new Judgement(Verdict.COUNT, requests + " requests");
    }
    if (!rawCase.require().isEmpty() && !RawCase.finds(rawCase.require(), seen)) {
      return new Judgement(Verdict.MISSING, "not found: " + rawCase.require());
    }
    return new Judgement(Verdict.CLEAN, requests + " requests");
  }

  private static String printable(byte[] bytes) {
    int shown = Math.min(bytes.length, 2_000);
    String text = new String(bytes, 0, shown, StandardCharsets.ISO_8859_1);
    StringBuilder escaped = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r') escaped.append("\\r");
      else if (c == '\n') escaped.append("\\n");
      else if (c < 0x20 || c > 0x7e) escaped.append("\\x%02x".formatted((int) c));
      else escaped.append(c);
    }
    return escaped.append(shown < bytes.length ? "\"…" : "\"").toString();
  }
}
