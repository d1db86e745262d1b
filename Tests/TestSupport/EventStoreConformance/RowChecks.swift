import EventStore
import Protocol
import Testing

extension EventStoreConformance {
    /// Rows: each event in its table, once.
    static let rows = [
        EventStoreConformance("every event type has a row, and a replay adds none") { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            let envelopes = ConformanceEvents.all.map { events.next($0.event) }
            let count = envelopes.count
            let batch = events.batch(envelopes, base: .zero).batch
            #expect(try await store.commit(batch) == .committed(inserted: count, duplicates: 0))
            for (_, table) in ConformanceEvents.all {
                #expect(try await harness.rows("SELECT count(*) FROM \(table)") == [["1"]], "\(table)")
            }
            var replay = events.batch(envelopes, base: batch.advances[0].next).batch
            replay.advances[0].next = Offset(epoch: 57_123_457, sequence: 1)
            #expect(try await store.commit(replay) == .committed(inserted: 0, duplicates: count))
            for (_, table) in ConformanceEvents.all {
                #expect(try await harness.rows("SELECT count(*) FROM \(table)") == [["1"]], "\(table)")
            }
            await store.close()
        },

        EventStoreConformance("a message keeps all that Twitch told, in the predecessor's columns and ours") {
            harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            let message = events.next(.chatMessage(ConformanceEvents.message("a")))
            _ = try await store.commit(events.batch([message], base: .zero).batch)
            let row = try await harness.rows(
                """
                SELECT id, stream_id, broadcaster_user_id, broadcaster_user_login, chatter_user_id, chatter_user_login,
                    chatter_user_name, message_text, color, badges, bits, message_type, badge_info,
                    reply_parent_message_id, reply_thread_user_name, channel_points_custom_reward_id,
                    channel_points_animation_id, source_broadcaster_user_id, source_message_id, source_badges
                FROM chat_messages
                """
            )
            #expect(
                row == [
                    [
                        "a", nil, "100", "quietharbor", "200", "mina", "みな", "hello harbour Kappa", "#FF7F50",
                        "subscriber/12,premium/1", "100", "chat", "subscriber/14", "parent", "Root", "reward",
                        "animation", "101", "source", "vip/1",
                    ]
                ]
            )
            let flags = """
                SELECT count(*) FROM chat_messages WHERE is_action AND is_subscriber AND NOT is_moderator AND is_vip
                    AND is_first_message AND NOT is_returning_chatter AND NOT source_is_only
                """
            #expect(try await harness.rows(flags) == [["1"]])
            await store.close()
        },

        EventStoreConformance("the same message id in two rooms is two messages") { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            let envelopes = [
                events.next(.chatMessage(ConformanceEvents.message("a"))),
                events.next(.chatMessage(ConformanceEvents.message("a", broadcaster: "101"))),
                events.next(.chatMessage(ConformanceEvents.message("a"))),
            ]
            #expect(
                try await store.commit(events.batch(envelopes, base: .zero).batch)
                    == .committed(inserted: 2, duplicates: 1)
            )
            await store.close()
        },

        EventStoreConformance("messages without an id are all kept") { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            let envelopes = (0..<3).map { _ in events.next(.chatMessage(ConformanceEvents.message(""))) }
            #expect(
                try await store.commit(events.batch(envelopes, base: .zero).batch)
                    == .committed(inserted: 3, duplicates: 0)
            )
            let ids = try await harness.rows("SELECT id FROM chat_messages ORDER BY id")
            #expect(ids == (1...3).map { ["gw-7f3a/57123456-\($0)"] })
            await store.close()
        },

        EventStoreConformance("a deletion learns its author from the stored message") { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            let envelopes = [
                events.next(.chatMessage(ConformanceEvents.message(ConformanceEvents.deletion.messageID))),
                events.next(.chatMessageDelete(ConformanceEvents.deletion)),
            ]
            _ = try await store.commit(events.batch(envelopes, base: .zero).batch)
            let row = try await harness.rows(
                "SELECT target_user_id, target_user_login, target_user_name, message_text FROM message_deleted_events"
            )
            #expect(row == [["200", "mina", "みな", "hello harbour Kappa"]])
            await store.close()
        },

        EventStoreConformance("timeouts that differ in length or time are different") { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            var longer = ConformanceEvents.timeout
            longer.durationSeconds = 601
            var permanent = ConformanceEvents.timeout
            permanent.isPermanent = true
            permanent.durationSeconds = nil
            var later = ConformanceEvents.timeout
            later.bannedAt = Timestamp(rawValue: later.bannedAt.rawValue + 1)
            let bans = [ConformanceEvents.timeout, longer, permanent, later, permanent].map { events.next(.ban($0)) }
            #expect(
                try await store.commit(events.batch(bans, base: .zero).batch) == .committed(inserted: 4, duplicates: 1)
            )
            await store.close()
        },

        EventStoreConformance("a session is closed by its id, also when its start was never seen") { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            func stopped(_ session: String) -> Event {
                .collectionStopped(
                    CollectionStopped(
                        broadcasterUserID: "100",
                        broadcasterUserLogin: "quietharbor",
                        sessionID: session,
                        gateway: "gw-7f3a",
                        connection: 2,
                        reason: "connection_lost",
                        stoppedAt: ConformanceEvents.time
                    )
                )
            }
            let started = ConformanceEvents.all.map(\.event).filter { $0.type == .collectionStarted }
            let envelopes = (started + [stopped("session-1"), stopped("session-0")]).map { events.next($0) }
            _ = try await store.commit(events.batch(envelopes, base: .zero).batch)
            let sql = """
                SELECT session_id, stop_reason, CASE WHEN started_at IS NULL THEN 'no' ELSE 'yes' END
                FROM collection_sessions ORDER BY session_id
                """
            #expect(
                try await harness.rows(sql) == [
                    ["session-0", "connection_lost", "no"], ["session-1", "connection_lost", "yes"],
                ]
            )
            await store.close()
        },

        EventStoreConformance("what a history service told says so, and never replaces what was heard") { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            func told(_ number: Int, backfilled: Bool?) -> [Event] {
                var (message, notification) = (ConformanceEvents.message("m\(number)"), ConformanceEvents.notification)
                var (deletion, ban) = (ConformanceEvents.deletion, ConformanceEvents.timeout)
                let at = Timestamp(rawValue: ConformanceEvents.time.rawValue + Int64(number))
                notification.messageID = "n\(number)"
                deletion.messageID = "d\(number)"
                ban.bannedAt = at
                message.backfilled = backfilled
                notification.backfilled = backfilled
                deletion.backfilled = backfilled
                ban.backfilled = backfilled
                let clear = ChatClear(
                    broadcasterUserID: "100",
                    broadcasterUserLogin: "quietharbor",
                    clearedAt: at,
                    receivedAt: at,
                    raw: "raw clear",
                    backfilled: backfilled
                )
                return [
                    .chatMessage(message), .chatNotification(notification), .chatMessageDelete(deletion), .ban(ban),
                    .chatClear(clear),
                ]
            }
            let heard = told(1, backfilled: nil).map { events.next($0) }
            _ = try await store.commit(events.batch(heard, base: .zero).batch)
            let later = (told(1, backfilled: true) + told(2, backfilled: true)).map { events.next($0) }
            let outcome = try await store.commit(events.batch(later, base: heard.last?.offset ?? .zero).batch)
            #expect(outcome == .committed(inserted: 5, duplicates: 5))
            let tables = [
                "chat_messages", "chat_notifications", "message_deleted_events", "user_banned_events", "chat_clears",
            ]
            for table in tables {
                let sql = "SELECT count(*), sum(CASE WHEN backfilled THEN 1 ELSE 0 END) FROM \(table)"
                #expect(try await harness.rows(sql) == [["2", "1"]], "\(table)")
            }
            await store.close()
        },

        EventStoreConformance("dead letters and gaps are kept with their places") { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            let place = Offset(epoch: 1, sequence: 2)
            let batch = StoreBatch(
                advances: [StoreBatch.Advance(producer: "gw-7f3a", partition: 3, base: .zero, next: place)],
                deadLetters: [
                    DeadLetter(
                        producer: "gw-7f3a",
                        partition: 3,
                        offset: place,
                        reason: "malformed",
                        frame: [0xFF, 0x00, 0x0A]
                    )
                ],
                gaps: [
                    Gap(
                        producer: "gw-7f3a",
                        partition: 3,
                        after: .zero,
                        through: Offset(epoch: 1, sequence: 1),
                        detectedAt: ConformanceEvents.time
                    )
                ]
            )
            _ = try await store.commit(batch)
            #expect(
                try await harness.rows("SELECT producer, partition, reason, length(frame) FROM dead_letters")
                    == [["gw-7f3a", "3", "malformed", "3"]]
            )
            #expect(
                try await harness.rows("SELECT after_offset, through_offset FROM collection_gaps")
                    == [["0", "\(1 << 32 | 1)"]]
            )
            await store.close()
        },

        EventStoreConformance("tokens are never stored") { harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            let token = TokenIssued(kind: "user", accessToken: "secret", clientID: "client", version: 1)
            let batch = events.batch([events.next(.tokenIssued(token))], base: .zero).batch
            #expect(try await store.commit(batch) == .committed(inserted: 0, duplicates: 0))
            #expect(try await store.offsets(of: "gw-7f3a").isEmpty == false)
            await store.close()
        },
    ]
}
