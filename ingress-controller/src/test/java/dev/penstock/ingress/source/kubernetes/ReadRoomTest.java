package dev.penstock.ingress.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadRoomTest {
  @Test
  void whatOneHasTakenTheOtherHasNotUntilItIsGivenBack() {
    ReadRoom room = new ReadRoom(100);
    ReadRoom.Part one = room.new Part();
    ReadRoom.Part other = room.new Part();

    assertThat(one.take(60)).isTrue();
    assertThat(other.take(41)).isFalse();
    assertThat(other.take(40)).isTrue();
    one.keep(20);
    assertThat(other.take(41)).isFalse();
    assertThat(other.take(40)).isTrue();
    one.keep(0);
    one.keep(50);
    assertThat(one.take(20)).isTrue();
    assertThat(one.take(1)).isFalse();
  }
}
