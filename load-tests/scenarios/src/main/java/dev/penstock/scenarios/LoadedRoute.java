package dev.penstock.scenarios;

import dev.penstock.scenarios.http.Answer;
import dev.penstock.scenarios.http.Question;
import dev.penstock.scenarios.world.HostSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Requests to a host that changes under them. Right is what the newest form answers or, as long as
 * that is on its way, the one before; but once a newer form has answered, a request that is sent
 * afterwards must not be answered by an older one. Thread-safe.
 */
final class LoadedRoute implements Question {
  private static final long NOT_SEEN = Long.MAX_VALUE;

  /**
   * @param seenNanos when the first answer of this form was there
   */
  private record Form(HostSpec host, String body, long seenNanos) {}

  private final byte[] request;
  private final List<Form> forms = new CopyOnWriteArrayList<>();

  LoadedRoute(HostSpec first) {
    request = Question.get(first.host(), "/");
    forms.add(new Form(first, first.body("/"), System.nanoTime()));
  }

  HostSpec newest() {
    return forms.getLast().host;
  }

  /** Before the change is made; the one before is in force. */
  void changes(HostSpec next) {
    forms.add(new Form(next, next.body("/"), NOT_SEEN));
  }

  /** When the newest form has answered. */
  void inForce(long seenNanos) {
    Form newest = forms.getLast();
    // At once: whoever judges an answer meanwhile must not miss the newest form.
    forms.set(forms.size() - 1, new Form(newest.host, newest.body, seenNanos));
  }

  @Override
  public byte[] request() {
    return request;
  }

  @Override
  public String fault(Answer answer, long sentNanos) {
    if (answer.status() != 200) return answer.status() + " on the loaded route: " + answer.body();
    List<Form> now = new ArrayList<>(forms);
    for (int i = now.size() - 1; i >= 0; i--) {
      Form form = now.get(i);
      if (form.body.equals(answer.body())) return "";
      if (form.seenNanos < sentNanos) return "the loaded route answers as it was before a change";
    }
    return "the loaded route answers as it never was: " + answer.body();
  }
}
