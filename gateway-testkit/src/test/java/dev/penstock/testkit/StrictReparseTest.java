package dev.penstock.testkit;

import static dev.penstock.testkit.StrictReparse.Ending.ABORTED;
import static dev.penstock.testkit.StrictReparse.Ending.COMPLETE;
import static dev.penstock.testkit.StrictReparse.Ending.FAULTY;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictReparseTest {
  private static final String CHUNKED =
      "POST /x HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String SIZED =
      "POST /x HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\n";

  @Test
  void twoRequestsBehindEachOtherAreSeenAsTwo() {
    var result = parse(SIZED + "AAAAA" + "GET /y HTTP/1.1\r\nHost: b.test\r\n\r\n");
    assertThat(result.ending()).isEqualTo(COMPLETE);
    assertThat(result.requests()).extracting(SeenRequest::target).containsExactly("/x", "/y");
    assertThat(result.requests().getFirst().text()).isEqualTo("AAAAA");
  }

  @Test
  void aChunkedBodyIsUnwrappedAndItsTrailersAreKept() {
    var result = parse(CHUNKED + "3\r\nabc\r\n2\r\nde\r\n0\r\nX-T: v\r\n\r\n");
    assertThat(result.ending()).isEqualTo(COMPLETE);
    assertThat(result.requests().getFirst().text()).isEqualTo("abcde");
    assertThat(result.requests().getFirst().trailers()).containsExactly(new Field("X-T", "v"));
  }

  @Test
  void everyCutOfAWellFormedRequestIsAnAbortAndNothingElse() {
    for (String whole : new String[] {SIZED + "AAAAA", CHUNKED + "3\r\nabc\r\n0\r\nA: b\r\n\r\n"}) {
      for (int length = 1; length < whole.length(); length++) {
        var result = parse(whole.substring(0, length));
        assertThat(result.ending()).as("first %d bytes", length).isEqualTo(ABORTED);
        assertThat(result.requests()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET  /x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /x HTTP/1.2\r\nHost: a\r\n\r\n",
        "G@T /x HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /x HTTP/1.1\nHost: a\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\r\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\u0000\r\n\r\n",
        "GET /x HTTP/1.1\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\r\nX: \u0001\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nA",
        "GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999999999999\r\n\r\nA",
        "GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nA",
        "GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "GET /x HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      })
  void whatTheStrictGrammarDoesNotKnowIsAFault(String bytes) {
    assertThat(parse(bytes).ending()).isEqualTo(FAULTY);
    assertThat(parse(bytes).requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5;x=y\r\nAAAAA\r\n0\r\n\r\n",
        "5 \r\nAAAAA\r\n0\r\n\r\n",
        "0x5\r\nAAAAA\r\n0\r\n\r\n",
        "00000000000000005\r\nAAAAA\r\n0\r\n\r\n",
        "ffffffffffffffff\r\nAAAAA",
        "5\nAAAAA\r\n0\r\n\r\n",
        "5\r\nAAAAAX\r\n0\r\n\r\n",
        "0\r\nno colon\r\n\r\n",
        "\r\n",
      })
  void aChunkedBodyOfAnyOtherFormIsAFault(String body) {
    assertThat(parse(CHUNKED + body).ending()).isEqualTo(FAULTY);
  }

  @Test
  void theFaultSaysWhatAndWhere() {
    assertThat(parse(SIZED + "AAAAAjunk\n").fault()).isEqualTo("bare LF in request 2 at byte 58");
  }

  private static StrictReparse.Result parse(String bytes) {
    return StrictReparse.parse(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }
}
