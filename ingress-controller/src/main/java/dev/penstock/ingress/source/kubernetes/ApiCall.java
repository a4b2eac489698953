package dev.penstock.ingress.source.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request to the API server. What comes is passed on on one thread, piece by piece: the next
 * piece is read from the socket when the receiver is done with the last one, so that a fast server
 * fills no queue. After {@link #cancel} the receiver hears nothing.
 */
final class ApiCall {
  private static final Logger LOG = LoggerFactory.getLogger(ApiCall.class);

  /** Called on the thread of the call. What it throws ends the call, as a fault. */
  interface Receiver {
    /**
     * @param retryAfterSeconds what the server asks for; 0 = nothing
     */
    void onHead(int status, long retryAfterSeconds);

    void onBytes(List<ByteBuffer> bytes);

    /**
     * The last call.
     *
     * @param fault empty when the answer is whole; else why it is not
     */
    void onEnd(String fault);
  }

  private final Executor thread;
  private final Receiver receiver;
  private final boolean isWatch;
  private final AtomicInteger due;
  private boolean isDue = true;
  private boolean isOver;
  private @Nullable AsyncBody body;

  /**
   * @param isWatch whether its answer has no end
   * @param due counts it, until its answer has come: of a watch its head
   */
  ApiCall(Executor thread, Receiver receiver, boolean isWatch, AtomicInteger due) {
    this.thread = thread;
    this.receiver = receiver;
    this.isWatch = isWatch;
    this.due = due;
    due.incrementAndGet();
  }

  /**
   * @param noHttp runs, on any thread, when the answer is none that can be read
   */
  void begin(HttpClient http, HttpRequest request, Runnable noHttp) {
    http.consumeBytes(request, (bytes, answer) -> run(answer, () -> onBytes(bytes, answer)))
        .whenComplete((response, fault) -> {
          if (isNoHttp(fault)) noHttp.run();
          run(response == null ? null : response.body(), () -> onResponse(response, fault));
        });
  }

  private static boolean isNoHttp(@Nullable Throwable fault) {
    Throwable cause = fault;
    while (cause != null && !(cause instanceof ProtocolException)) cause = cause.getCause();
    return cause != null;
  }

  /** On the thread of the call. */
  boolean isOver() {
    return isOver;
  }

  /** On the thread of the call. The connection is closed. */
  void cancel() {
    isOver = true;
    answered();
    if (body != null) body.cancel();
  }

  private void answered() {
    if (isDue) due.decrementAndGet();
    isDue = false;
  }

  private void run(@Nullable AsyncBody answer, Runnable task) {
    try {
      thread.execute(() -> {
        if (!isOver) guarded(task);
        else if (answer != null) answer.cancel();
      });
    } catch (RejectedExecutionException ended) {
      if (answer != null) answer.cancel();
    }
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException bug) {
      LOG.error("an answer of the API server could not be handled; it is asked for again", bug);
      cancel();
      receiver.onEnd(bug.toString());
    }
  }

  private void onResponse(@Nullable HttpResponse<AsyncBody> response, @Nullable Throwable fault) {
    if (response == null) {
      end(reason(fault));
      return;
    }
    AsyncBody answer = response.body();
    body = answer;
    if (isWatch) answered();
    receiver.onHead(response.code(), retryAfterSeconds(response));
    if (isOver) return;
    answer
        .done()
        .whenComplete(
            (nothing, broken) -> run(null, () -> end(broken == null ? "" : reason(broken))));
    answer.consume();
  }

  private void onBytes(List<ByteBuffer> bytes, AsyncBody answer) {
    receiver.onBytes(bytes);
    if (!isOver) answer.consume();
  }

  private void end(String fault) {
    if (isOver) return;
    cancel();
    receiver.onEnd(fault);
  }

  private static long retryAfterSeconds(HttpResponse<AsyncBody> response) {
    String text = response.header("Retry-After");
    return text != null && text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
  }

  /** Never empty. */
  private static String reason(@Nullable Throwable fault) {
    Throwable cause = fault;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause == null) return "no answer";
    String message = cause.getMessage();
    String kind = cause.getClass().getSimpleName();
    return message == null || message.isBlank() ? kind : message.lines().findFirst().orElse(kind);
  }
}
