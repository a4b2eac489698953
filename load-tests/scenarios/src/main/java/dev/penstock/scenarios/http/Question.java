package dev.penstock.scenarios.http;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** A request, and what is right as its answer. Asked by one client's thread. */
public interface Question {
  /** The whole request; shared, never written to. */
  byte[] request();

  /**
   * What is wrong with the answer, empty when nothing.
   *
   * @param sentNanos when the request was sent, by {@link System#nanoTime()}
   */
  String fault(Answer answer, long sentNanos);

  /** A GET that has one right answer: 200 with this body. */
  static Question expecting(String host, String path, String body) {
    return judged(
        host,
        path,
        answer ->
            answer.status() == 200 && answer.body().equals(body)
                ? ""
                : answer.brief() + " in place of '" + body + "'");
  }

  /**
   * A GET whose answer is right or wrong whenever it comes.
   *
   * @param judge what is wrong with the answer; empty = nothing
   */
  static Question judged(String host, String path, Function<Answer, String> judge) {
    byte[] request = get(host, path);
    return new Question() {
      @Override
      public byte[] request() {
        return request;
      }

      @Override
      public String fault(Answer answer, long sentNanos) {
        return judge.apply(answer);
      }
    };
  }

  /** A GET on a connection that is kept. */
  static byte[] get(String host, String path) {
    return ("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
