package dev.penstock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JudgeTest {
  private static final String GET = "GET /x HTTP/1.1\r\nHost: a.test\r\n\r\n";
  private static final String CUT =
      "POST /x HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nAAAAA\r\n";

  @Test
  void aRefusalWithNothingAtTheBackendIsReject() {
    assertThat(judge(statuses(400))).isEqualTo(Verdict.REJECT);
    assertThat(judge(closedWithoutAnswer())).isEqualTo(Verdict.REJECT);
  }

  @Test
  void aRefusalBehindAnAbortedRequestIsALateReject() {
    assertThat(judge(statuses(400), CUT)).isEqualTo(Verdict.LATE_REJECT);
  }

  @Test
  void anAbortedRequestWithoutARefusalIsDirty() {
    assertThat(judge(statuses(200), CUT)).isEqualTo(Verdict.DIRTY);
    assertThat(judge(closedWithoutAnswer(), CUT)).isEqualTo(Verdict.DIRTY);
  }

  @Test
  void aRefusalThatTheBackendSawAsACompleteRequestIsDirty() {
    assertThat(judge(statuses(400), GET)).isEqualTo(Verdict.DIRTY);
    assertThat(judge(statuses(400), GET + CUT)).isEqualTo(Verdict.DIRTY);
    assertThat(judge(statuses(400), CUT + "0\r\n\r\n")).isEqualTo(Verdict.DIRTY);
    assertThat(judge(closedWithoutAnswer(), GET)).isEqualTo(Verdict.DIRTY);
  }

  @Test
  void bytesOutsideTheStrictGrammarAreDirty() {
    assertThat(judge(statuses(200), "GET /x HTTP/1.1\r\nHost : a\r\n\r\n"))
        .isEqualTo(Verdict.DIRTY);
    assertThat(judge(statuses(400), "GET /x HTTP/1.1\nHost: a\n\n")).isEqualTo(Verdict.DIRTY);
  }

  @Test
  void oneWellFormedRequestAnsweredBelow400IsClean() {
    assertThat(judge(statuses(200), GET)).isEqualTo(Verdict.CLEAN);
    assertThat(judge(statuses(399), GET)).isEqualTo(Verdict.CLEAN);
  }

  @Test
  void anAnswerThatTheBackendKnowsNothingOfIsLocal() {
    assertThat(judge(statuses(200))).isEqualTo(Verdict.LOCAL);
    assertThat(judge(statuses(308))).isEqualTo(Verdict.LOCAL);
  }

  @Test
  void silenceIsAHang() {
    assertThat(judge(new Judge.ClientSide(List.of(), false))).isEqualTo(Verdict.HANG);
    assertThat(judge(new Judge.ClientSide(List.of(), false), GET)).isEqualTo(Verdict.HANG);
  }

  @Test
  void anotherNumberOfRequestsThanPermittedIsCount() {
    assertThat(judge(statuses(200), GET + GET)).isEqualTo(Verdict.COUNT);
    assertThat(judge(statuses(200), GET, GET)).isEqualTo(Verdict.COUNT);
  }

  @Test
  void oneOfTwoPermittedRequestsIsCleanOnlyWhenTheGatewayClosed() {
    RawCase oneOrTwo = rawCase(Set.of(1, 2), "", "");
    assertThat(judge(oneOrTwo, new Judge.ClientSide(List.of(200), true), GET))
        .isEqualTo(Verdict.CLEAN);
    assertThat(judge(oneOrTwo, new Judge.ClientSide(List.of(200), false), GET))
        .isEqualTo(Verdict.COUNT);
    assertThat(judge(oneOrTwo, statuses(200, 200), GET + GET)).isEqualTo(Verdict.CLEAN);
  }

  @Test
  void forbiddenBytesBeatEveryOtherWord() {
    RawCase forbidding = rawCase(Set.of(1), "(?i)host: A\\.TEST", "");
    assertThat(judge(forbidding, statuses(200), GET)).isEqualTo(Verdict.FORBID);
    assertThat(judge(forbidding, new Judge.ClientSide(List.of(), false), GET))
        .isEqualTo(Verdict.FORBID);
    assertThat(judge(forbidding, statuses(400), GET.replace("GET", "G\nT")))
        .isEqualTo(Verdict.FORBID);
  }

  @Test
  void aCleanRunWithoutWhatIsRequiredIsMissing() {
    RawCase requiring = rawCase(Set.of(1), "", "x-real-ip: ");
    assertThat(judge(requiring, statuses(200), GET)).isEqualTo(Verdict.MISSING);
    assertThat(judge(requiring, statuses(200), GET.replace("Host", "x-real-ip: y\r\nHost")))
        .isEqualTo(Verdict.CLEAN);
  }

  @Test
  void onlyAllowedVerdictsPassAndALateRejectIsAReject() {
    RawCase rejecting = rawCase(Set.of(1), "", "");
    Stream<Verdict> passing = Stream.of(Verdict.values()).filter(rejecting::passes);
    assertThat(passing).containsExactly(Verdict.REJECT, Verdict.LATE_REJECT);
  }

  @Test
  void theCorpusHas29CasesAndASiblingForEachThatMayBeRefused() {
    List<RawCase> cases = Http1Corpus.cases();
    assertThat(cases).hasSize(29);
    List<String> refusable =
        cases.stream().filter(c -> c.allowed().contains(Verdict.REJECT)).map(RawCase::id).toList();
    assertThat(Http1Corpus.siblings()).extracting(RawCase::id).isEqualTo(refusable);
    assertThat(Http1Corpus.siblings())
        .allSatisfy(sibling -> assertThat(sibling.allowed()).containsExactly(Verdict.CLEAN));
  }

  @Test
  void onlyR24ChangesOverTls() {
    assertThat(Http1Corpus.cases())
        .filteredOn(c -> !c.forbid().equals(c.overTls().forbid()))
        .extracting(RawCase::id)
        .containsExactly("R24");
  }

  private static RawCase rawCase(Set<Integer> counts, String forbid, String require) {
    return new RawCase("T01", "t", List.of(), Set.of(Verdict.REJECT), counts, forbid, require);
  }

  private static Judge.ClientSide statuses(Integer... statuses) {
    return new Judge.ClientSide(List.of(statuses), false);
  }

  private static Judge.ClientSide closedWithoutAnswer() {
    return new Judge.ClientSide(List.of(), true);
  }

  private static Verdict judge(Judge.ClientSide client, String... upstream) {
    return judge(rawCase(Set.of(1), "", ""), client, upstream);
  }

  private static Verdict judge(RawCase rawCase, Judge.ClientSide client, String... upstream) {
    List<byte[]> connections =
        Stream.of(upstream).map(text -> text.getBytes(StandardCharsets.ISO_8859_1)).toList();
    return Judge.judge(rawCase, client, connections).verdict();
  }
}
