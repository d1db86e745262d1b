enum TwitchIRCPlaceholder {}
