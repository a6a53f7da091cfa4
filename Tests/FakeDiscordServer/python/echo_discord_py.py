"""A bot on discord.py that answers each message: python echo_discord_py.py API TOKEN."""

import sys

import discord
import discord.gateway
import discord.http
import yarl

discord.http.Route.BASE = sys.argv[1]
# It never asks where the gateway is.
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sys.argv[1]).with_scheme("ws").with_path("/")
connect = discord.gateway.DiscordWebSocket.from_client.__func__


async def uncompressed(cls, client, **options):
    # The fake does not compress.
    return await connect(cls, client, **{**options, "compress": False})


discord.gateway.DiscordWebSocket.from_client = classmethod(uncompressed)
client = discord.Client(intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True))


@client.event
async def on_message(message):
    if message.author != client.user:
        await message.channel.send(f"I heard {message.content}")


client.run(sys.argv[2], log_handler=None)
