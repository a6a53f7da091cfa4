"""A bot on hikari that answers each message: python echo_hikari.py API TOKEN."""

import sys

import hikari
from hikari.impl import shard

# The fake does not compress.
shard.GatewayShardImpl.__init__.__kwdefaults__["compression"] = None
bot = hikari.GatewayBot(
    sys.argv[2],
    banner=None,
    logs=None,
    rest_url=sys.argv[1],
    intents=hikari.Intents.GUILDS | hikari.Intents.GUILD_MESSAGES | hikari.Intents.DM_MESSAGES,
)


@bot.listen()
async def answer(event: hikari.DMMessageCreateEvent) -> None:
    if event.is_human:
        await bot.rest.create_message(event.channel_id, f"I heard {event.content}")


bot.run(check_for_updates=False)
